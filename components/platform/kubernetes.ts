import type { StatefulSet } from "@pulumi/kubernetes/apps/v1";
import * as pulumi from "@pulumi/pulumi";
import { diskBytes } from "../collector/quantity";
import { Resolver } from "../collector/resolver";
import { withDefaults } from "../defaults";
import { invalid, InvalidInput } from "../errors";
import { ephemeral, KUBERNETES_DEFAULTS, type KubernetesPlatformArgs } from "./kubernetes/args";
import { autoscaler } from "./kubernetes/autoscaler";
import { KubernetesCluster } from "./kubernetes/cluster";
import { disruptionBudget } from "./kubernetes/disruption";
import { identity } from "./kubernetes/identity";
import { authoritySecretOf, IssuedIdentity, requireAlone } from "./kubernetes/IssuedIdentity";
import { waysIn } from "./kubernetes/ingress";
import { KubernetesEnvironment } from "./kubernetes/KubernetesEnvironment";
import { mountedFiles } from "./kubernetes/mountedFiles";
import { networkPolicy } from "./kubernetes/network";
import { preflight } from "./kubernetes/preflight";
import { addresses } from "./kubernetes/addresses";
import { untilRolledOut } from "./kubernetes/readiness";
import { service } from "./kubernetes/service";
import { statefulSet } from "./kubernetes/statefulSet";
import { validate } from "./kubernetes/validate";
import {
    type KubernetesSettings,
    type KubernetesWorkload,
    ownerLabels,
    selectorLabels,
    selectorText,
    serviceHost,
} from "./kubernetes/workload";
import type {
    CollectorToValidate,
    IssuedIdentityArgs,
    Location,
    Platform,
    Workload,
    WorkloadNames,
    WorkloadSpec,
} from "./platform";
import { defaultPrefix } from "./prefix";
import { waitAfter } from "./waiting";

/** A Kubernetes cluster: for each workload a StatefulSet, and what makes it safe to run. */
export class KubernetesPlatform implements Platform {
    readonly name = "kubernetes";
    readonly resolvers = [Resolver.k8s, Resolver.dns, Resolver.static];
    readonly dnsRefresh = "1s";
    /** A question to the DNS a second, whose answer caches may keep for five, and a connection; endpoints reach every node in less. */
    readonly noticeSeconds = { ring: 8, sharedHost: 5 };
    readonly location: Location;
    readonly diskBytes: number;

    private readonly settings: KubernetesSettings;
    private readonly started: Promise<pulumi.Resource>[] = [];
    private readonly addressed: Promise<void>[] = [];
    private readonly authorities: string[] = [];
    private declared: () => void = () => undefined;
    private readonly allDeclared = new Promise<void>((resolve) => (this.declared = resolve));
    private cluster: Promise<KubernetesCluster> | undefined;
    private present = new Map<string, number>();
    private environment: KubernetesEnvironment | undefined;

    /** @param args which cluster, and what is created there; nothing is created yet */
    constructor(private readonly args: KubernetesPlatformArgs) {
        if (!args.context)
            throw invalid("context", args.context, "a context of the kubeconfig; none is taken by itself");
        const prefix = args.prefix ?? defaultPrefix(pulumi.getProject(), pulumi.getStack());
        this.settings = { ...withDefaults(args, KUBERNETES_DEFAULTS), prefix };
        this.diskBytes = diskBytes("storageSize", this.settings.storageSize);
        const { context, namespace } = args;
        this.location = { context, namespace, prefix };
        // A program that never calls `settled` has declared all once nothing is left to do; unregistered, what shrinks would be deleted.
        process.once("beforeExit", () => this.declared());
    }

    /**
     * Looks whether everything that a stack needs is there, so that nothing is left half done; and how many replicas there
     * are, without which a workload that gets smaller does not wait until nobody has its replicas listed any more.
     * @throws InvalidInput when the cluster does not answer, or lacks the namespace, the storage class or cert-manager
     */
    async require({ asksCertManager = false } = {}): Promise<void> {
        const { createNamespace, storageClass, prefix } = this.settings;
        this.present = await preflight(await this.api(), {
            createNamespace,
            storageClass: storageClass === ephemeral ? undefined : storageClass,
            owner: selectorText(ownerLabels(prefix)),
            asksCertManager,
        });
    }

    /** By everybody whom a NetworkPolicy does not keep away. */
    isReachable(): boolean {
        return true;
    }

    async validate(collectors: CollectorToValidate[]): Promise<void> {
        await validate(await this.api(), this.settings, collectors);
    }

    names(workload: string, replicas: number): WorkloadNames {
        const { namespace } = this.settings;
        const sharedHost = serviceHost(workload, namespace);
        return {
            hosts: Array.from({ length: replicas }, (_, index) => `${workload}-${index}.${sharedHost}`),
            sharedHost,
            service: `${workload}.${namespace}`,
        };
    }

    run(name: string, spec: WorkloadSpec, parent: pulumi.Resource): Workload {
        const workload = this.workload(name, spec, parent);
        const isShrinking = !spec.scaling && (this.present.get(name) ?? 0) > spec.replicas;
        const before = spec.after ?? [];
        const after = isShrinking ? this.everythingAfter(this.started.length, before) : before;

        const entry = service(workload);
        const set = statefulSet(workload, { identity: identity(workload), files: mountedFiles(workload), after });
        disruptionBudget(workload);
        networkPolicy(workload);
        autoscaler(workload, set);
        waysIn(workload);

        const { published, given } = addresses(workload, entry, () => this.api());
        this.addressed.push(given);
        const ready = this.whenReady(workload, set);
        this.started.push(ready);
        return {
            ...this.names(name, spec.scaling ? 0 : spec.replicas),
            published,
            ready: isShrinking ? before : [ready],
        };
    }

    async secret(name: string): Promise<Record<string, string> | "unknown"> {
        const found = await (await this.api()).secret(name);
        if (!found) throw new InvalidInput(`there is no Secret ${name} in the namespace ${this.settings.namespace}`);
        return found;
    }

    issuedIdentity(name: string, args: IssuedIdentityArgs): IssuedIdentity {
        const { provider, namespace } = this.shared();
        const place = { provider, namespace, labels: ownerLabels(this.settings.prefix) };
        if (args.hasOwnAuthority) this.authorities.push(authoritySecretOf(name));
        return new IssuedIdentity(name, { ...args, place });
    }

    async settled(): Promise<void> {
        this.declared();
        await Promise.all([...this.started, ...this.addressed]);
        if (pulumi.runtime.isDryRun() || this.authorities.length === 0) return;
        const cluster = await this.api();
        await Promise.all(this.authorities.map((authority) => requireAlone(authority, cluster)));
    }

    private workload(name: string, spec: WorkloadSpec, parent: pulumi.Resource): KubernetesWorkload {
        const { provider, namespace } = this.shared();
        return { name, spec, settings: this.settings, namespace, options: { parent, provider } };
    }

    /** A workload that gets smaller is changed last: whoever has a list of its replicas has the shorter one by then. */
    private async everythingAfter(
        index: number,
        before: pulumi.Input<pulumi.Resource>[],
    ): Promise<pulumi.Input<pulumi.Resource>[]> {
        await this.allDeclared;
        return [...before, ...this.started.slice(index + 1)];
    }

    /** The workload, held back until all of it is ready; in a preview nothing is waited for. */
    private async whenReady(workload: KubernetesWorkload, set: StatefulSet): Promise<pulumi.Resource> {
        if (pulumi.runtime.isDryRun()) return set;
        const { name, spec } = workload;
        const tell = (text: string) => void pulumi.log.info(`${name}: ${text}`, set, undefined, true);
        const labelSelector = selectorText(selectorLabels(workload));
        const least = spec.scaling?.by === "platform" ? spec.replicas : undefined;
        const exactly = spec.scaling ? undefined : spec.replicas;
        await waitAfter(set.metadata.name, async () =>
            untilRolledOut(await this.api(), { name, labelSelector, least, exactly }, tell),
        );
        return set;
    }

    private api(): Promise<KubernetesCluster> {
        return (this.cluster ??= KubernetesCluster.open(this.settings));
    }

    private shared(): KubernetesEnvironment {
        return (this.environment ??= new KubernetesEnvironment(this.args.prefix ?? this.name, {
            ...this.settings,
            labels: ownerLabels(this.settings.prefix),
        }));
    }
}
