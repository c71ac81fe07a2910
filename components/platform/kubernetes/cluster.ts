import type {
    CoreV1Event,
    V1Job,
    V1Namespace,
    V1PersistentVolumeClaim,
    V1Pod,
    V1Secret,
    V1Service,
    V1StatefulSet,
    V1StorageClass,
} from "@kubernetes/client-node";
import type { Duplex } from "node:stream";
import { InvalidInput } from "../../errors";
import { openApis } from "./apis";
import { clockStepMs, lastSeen } from "./clock";
import { Questions } from "./questions";
import { ifAllowed, NoAnswer, refusal } from "./request";
import { openTunnel } from "./tunnel";

export interface ClusterArgs {
    /** As the kubeconfig names it. */
    context: string;
    namespace: string;
    /** One file; absent: those of KUBECONFIG, else ~/.kube/config. */
    kubeconfig?: string;
}

export interface GroupVersion {
    group: string;
    version: string;
}

/**
 * Asks one namespace of a cluster what the provider has no resource for. It changes next to nothing.
 * What is not there is undefined. Every question has ten seconds, and throws InvalidInput when the API server does
 * not answer, does not let this user in, or does not let it ask this.
 */
export class KubernetesCluster extends Questions {
    /**
     * Reads the kubeconfig, and asks nothing of the cluster yet.
     * @throws InvalidInput when the kubeconfig cannot be read, or does not have the context
     */
    static async open(args: ClusterArgs): Promise<KubernetesCluster> {
        return new KubernetesCluster(args, await openApis(args));
    }

    /** @throws InvalidInput when the API server does not answer within ten seconds, or does not let this user in */
    async requireAnswer(): Promise<void> {
        await this.ask({ verb: "get", resource: "/version" }, () => this.apis.version.getCode({}));
    }

    async readNamespace(): Promise<V1Namespace | undefined> {
        const { namespace } = this;
        return this.ask({ verb: "get", resource: "namespaces", namespace }, () =>
            this.apis.core.readNamespace({ name: namespace }),
        );
    }

    /** @returns undefined when this user may not know: storage classes belong to the whole cluster */
    async storageClasses(): Promise<V1StorageClass[] | undefined> {
        const list = this.ask({ verb: "list", resource: "storageclasses" }, () =>
            this.apis.storage.listStorageClass({}),
        );
        return (await ifAllowed(list, undefined))?.items;
    }

    /** Whether the cluster knows a kind of object. @param group with the version, which may not be there either */
    async hasKind({ group, version }: GroupVersion, kind: string): Promise<boolean> {
        const found = await this.ask({ verb: "get", resource: `/apis/${group}/${version}` }, () =>
            this.apis.custom.getAPIResources({ group, version }),
        );
        return found?.resources.some((one) => one.kind === kind) ?? false;
    }

    /** An object of a kind that Kubernetes itself does not have. @param plural as in "certificates" */
    async customObject({ group, version }: GroupVersion, plural: string, name: string): Promise<unknown> {
        return this.askHere("get", `${plural}.${group}`, (here) =>
            this.apis.custom.getNamespacedCustomObject({ ...here, group, version, plural, name }),
        );
    }

    async statefulSet(name: string): Promise<V1StatefulSet | undefined> {
        return this.askHere("get", "statefulsets", (here) =>
            this.apis.apps.readNamespacedStatefulSet({ ...here, name }),
        );
    }

    async statefulSets(labelSelector: string): Promise<V1StatefulSet[]> {
        const list = await this.askHere("list", "statefulsets", (here) =>
            this.apis.apps.listNamespacedStatefulSet({ ...here, labelSelector }),
        );
        return list?.items ?? [];
    }

    /** Has Kubernetes try again at once what it failed to do for a StatefulSet: by itself it waits longer every time. */
    async retry(name: string): Promise<void> {
        const body = { metadata: { annotations: { "otel-collector-tiers/retried": new Date().toISOString() } } };
        await this.askHere("patch", "statefulsets", (here) =>
            this.apis.apps.patchNamespacedStatefulSet({ ...here, name, body }, this.apis.mergePatch),
        );
    }

    async service(name: string): Promise<V1Service | undefined> {
        return this.askHere("get", "services", (here) => this.apis.core.readNamespacedService({ ...here, name }));
    }

    /** What a Secret holds, by key; "unknown" when this user may not read it. */
    async secret(name: string): Promise<Record<string, string> | "unknown" | undefined> {
        const read = this.askHere("get", "secrets", (here) => this.apis.core.readNamespacedSecret({ ...here, name }));
        const found = await ifAllowed<V1Secret | "unknown" | undefined>(read, "unknown");
        if (!found || found === "unknown") return found;
        const entries = Object.entries(found.data ?? {});
        return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
    }

    async secrets(labelSelector: string): Promise<V1Secret[]> {
        const list = await this.askHere("list", "secrets", (here) =>
            this.apis.core.listNamespacedSecret({ ...here, labelSelector }),
        );
        return list?.items ?? [];
    }

    async removeSecret(name: string): Promise<void> {
        await this.askHere("delete", "secrets", (here) => this.apis.core.deleteNamespacedSecret({ ...here, name }));
    }

    async pods(labelSelector: string): Promise<V1Pod[]> {
        const list = await this.askHere("list", "pods", (here) =>
            this.apis.core.listNamespacedPod({ ...here, labelSelector }),
        );
        return list?.items ?? [];
    }

    /**
     * Events of type Warning, the oldest first.
     * @param since by this machine's clock, which need not be the cluster's; up to two seconds more are included
     */
    async warnings(since: Date): Promise<CoreV1Event[]> {
        const events = await this.events("type=Warning");
        const least = since.getTime() + this.apis.clock.aheadMs - 2 * clockStepMs;
        return events.filter((event) => lastSeen(event) >= least);
    }

    /** Events of any type about one object, the oldest first. */
    async eventsAbout(name: string): Promise<CoreV1Event[]> {
        return this.events(`involvedObject.name=${name}`);
    }

    private async events(fieldSelector: string): Promise<CoreV1Event[]> {
        const list = await this.askHere("list", "events", (here) =>
            this.apis.core.listNamespacedEvent({ ...here, fieldSelector }),
        );
        return (list?.items ?? []).sort((one, other) => lastSeen(one) - lastSeen(other));
    }

    /**
     * What a container wrote last, up to 200 lines; "" where there is nothing to read.
     * @param previous the container before the one that runs, which was restarted
     */
    async log(pod: string, { previous, container }: { previous?: boolean; container?: string } = {}): Promise<string> {
        const text = await this.askHere("get", "pods/log", async (here) => {
            try {
                return await this.apis.core.readNamespacedPodLog({
                    ...here,
                    name: pod,
                    container,
                    previous,
                    tailLines,
                });
            } catch (error) {
                // A container that has not started yet, or was not restarted.
                if ((error as { code?: unknown }).code === 400) return "";
                throw error;
            }
        });
        return text?.startsWith("unable to retrieve container logs") ? "" : (text ?? "");
    }

    async claims(labelSelector: string): Promise<V1PersistentVolumeClaim[]> {
        const list = await this.askHere("list", "persistentvolumeclaims", (here) =>
            this.apis.core.listNamespacedPersistentVolumeClaim({ ...here, labelSelector }),
        );
        return list?.items ?? [];
    }

    /** @returns undefined where there is no such namespace */
    async createJob(body: V1Job): Promise<V1Job | undefined> {
        return this.askHere("create", "jobs", (here) => this.apis.batch.createNamespacedJob({ ...here, body }));
    }

    /** Its pods go too. */
    async removeJob(name: string): Promise<void> {
        await this.askHere("delete", "jobs", (here) =>
            this.apis.batch.deleteNamespacedJob({ ...here, name, propagationPolicy: "Background" }),
        );
    }

    async createSecret(body: V1Secret): Promise<void> {
        await this.askHere("create", "secrets", (here) => this.apis.core.createNamespacedSecret({ ...here, body }));
    }

    async removeNamespace(): Promise<void> {
        const { namespace } = this;
        await this.ask({ verb: "delete", resource: "namespaces", namespace }, () =>
            this.apis.core.deleteNamespace({ name: namespace }),
        );
    }

    async removeClaim(name: string): Promise<void> {
        await this.askHere("delete", "persistentvolumeclaims", (here) =>
            this.apis.core.deleteNamespacedPersistentVolumeClaim({ ...here, name }),
        );
    }

    /**
     * One TCP connection to a port of a pod, through the API server; the end of either is the end of the other.
     * @returns when the tunnel is open
     * @throws InvalidInput when it cannot be opened; the socket is as it was
     */
    async portForward(pod: string, port: number, socket: Duplex): Promise<void> {
        const { namespace, apis, server } = this;
        const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`;
        try {
            await openTunnel(apis.config, apis.Handler, path, socket);
        } catch (error) {
            const { code } = error as { code?: unknown };
            if (code === 404) throw new InvalidInput(`there is no pod ${pod} in the namespace ${namespace}`);
            if (code === 500) throw new NoAnswer(`the pod ${pod} in the namespace ${namespace} does not run`);
            throw refusal(server, { verb: "create", resource: "pods/portforward", namespace }, error);
        }
    }
}

const tailLines = 200;
