import type { V1Pod } from "@kubernetes/client-node";
import type { Resolver } from "../../components";
import { ports } from "../../components/collector/ports";
import { InvalidInput } from "../../components/errors";
import { isReady } from "../../components/platform/kubernetes/objects";
import { bySize } from "../../components/settingsSchema";
import { EngineStack } from "./engineStack";
import { interruptedUp } from "./interruptedUp";
import { kill, reachableService, scale, testCluster } from "./kubernetesCluster";
import { memoryOf } from "./kubernetesMemory";
import { removeNamespace } from "./kubernetesNamespace";
import { KubernetesObjects } from "./kubernetesObjects";
import { ForwardedPorts } from "./kubernetesPorts";
import { processesOf, signal } from "./kubernetesProcesses";
import { ringFrom } from "./kubernetesRing";
import { openOnCluster } from "./kubernetesStack";
import { until } from "./kubernetesUntil";
import { end } from "./processes";
import { queuedAt } from "./queued";
import { recoveringUp } from "./recovery";
import type { Rig, RingView, Settings, Tier } from "./rig";
import { ringViewsAt } from "./ringViews";

export interface KubernetesRigArgs {
    resolver: Resolver;
    /** Laid over the rig's own, and kept. */
    settings?: Settings;
}

/** The memory and the disks that are everybody's default: what they bear is part of what the lab looks at. */
const asShipped = {
    loadBalancerMemory: bySize,
    gatewayMemory: bySize,
    externalGatewayMemory: bySize,
    storageSize: "10Gi",
};
const readyMs = 120_000;
/** Beyond the pod's own grace. */
const goneMs = 30_000;

/** What `npm start` brings up on Kubernetes, as a stack of its own in a namespace of its own. Replicas are pods. */
export class KubernetesRig implements Rig {
    readonly platform = "kubernetes";
    readonly profile = "custody";

    /** The lives that were ended on purpose, by pod. */
    private readonly ended = new Map<string, string>();
    private readonly frozen = new Set<string>();
    private readonly removed = new Map<Tier, number>();
    /** The address of the lbs' Service; undefined where this machine is not on the cluster's network. */
    private service: Promise<string | undefined> | undefined;
    /** An update was killed, and none has ended since. */
    private interrupted = false;

    private constructor(
        readonly resolver: Resolver,
        private readonly stack: EngineStack,
        private readonly own: Settings,
        private readonly objects: KubernetesObjects,
        private readonly forwards: ForwardedPorts,
    ) {}

    /** Nothing runs before the first `up`. */
    static async create({ resolver, settings = {} }: KubernetesRigArgs): Promise<KubernetesRig> {
        const opened = await openOnCluster("faults", { gateways: 3, ...asShipped });
        const { context } = await testCluster();
        const { name } = opened;
        const own = { ...settings, resolver, namespace: name };
        const objects = await KubernetesObjects.watch(name);
        const forwards = new ForwardedPorts({ context, namespace: name });
        return new KubernetesRig(resolver, new EngineStack(opened), own, objects, forwards);
    }

    get namespace(): string {
        return this.stack.name;
    }

    async up(settings: Settings): Promise<void> {
        const all = { ...this.own, ...settings };
        if (this.interrupted) await recoveringUp(this.stack, all, () => Promise.resolve());
        else await this.stack.up(all);
        this.interrupted = false;
        this.service ??= reachableService(this.namespace, "load-balancer");
    }

    async interruptedUp(settings: Settings, afterMs: number): Promise<void> {
        this.interrupted = true;
        await interruptedUp(this.stack, { ...this.own, ...settings }, afterMs);
    }

    /** The lbs' Service once for each lb: every connection that is made there goes to one of them. */
    async clients(): Promise<{ grpc: string[]; http: string[] }> {
        const [grpc, http] = await Promise.all([this.toEachLb(ports.otlpGrpc), this.toEachLb(ports.otlpHttp)]);
        return { grpc, http: http.map((address) => `http://${address}`) };
    }

    replicas(tier: Tier): Promise<string[]> {
        return Promise.resolve(this.objects.replicas(tier));
    }

    /** Deletes the pod as a drain of its node does; resolves once it is gone. Its successor comes by itself. */
    async stop(replica: string): Promise<void> {
        const pod = this.requirePod(replica);
        const { core } = await testCluster();
        await core.deleteNamespacedPod({ namespace: this.namespace, name: replica });
        this.ended.set(replica, uidOf(pod));
        const graceMs = (pod.spec?.terminationGracePeriodSeconds ?? 0) * 1_000;
        const isGone = () => uidOf(this.objects.pod(replica)) !== uidOf(pod);
        await until(`end of ${replica}`, isGone, graceMs + goneMs);
    }

    /** As if its node had lost power: its successor comes by itself, with another address. */
    async kill(replica: string): Promise<void> {
        const pod = this.requirePod(replica);
        const processes = processesOf(pod);
        await kill(this.namespace, replica);
        end(processes); // Kubernetes itself gives them a few seconds even so
        this.ended.set(replica, uidOf(pod));
        this.frozen.delete(replica);
    }

    async start(replica: string): Promise<void> {
        const before = this.ended.get(replica);
        await until(`${replica} that is ready`, () => this.isUp(replica, before), readyMs);
        this.ended.delete(replica);
    }

    /** Stops every replica of a tier, which stay away. */
    async removeAll(tier: Tier): Promise<void> {
        const pods = this.objects.podsOf(tier);
        const grace = Math.max(0, ...pods.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? 0));
        this.removed.set(tier, this.objects.replicas(tier).length);
        await scale(this.namespace, tier, 0);
        await until(`end of every ${tier}`, () => this.objects.podsOf(tier).length === 0, grace * 1_000 + goneMs);
    }

    /** Brings back what `removeAll` took away; resolves once all of them are ready. */
    async restoreAll(tier: Tier): Promise<void> {
        const number = this.removed.get(tier);
        if (number === undefined) throw new InvalidInput(`no ${tier} was removed`);
        await scale(this.namespace, tier, number);
        const names = Array.from({ length: number }, (_, index) => `${tier}-${index}`);
        await until(`${tier} that is ready`, () => names.every((name) => this.isUp(name)), readyMs);
        this.removed.delete(tier);
    }

    /** @throws InvalidInput where the pod runs on another machine than this */
    pause(replica: string): Promise<void> {
        signal(this.requirePod(replica), "SIGSTOP");
        this.frozen.add(replica);
        return Promise.resolve();
    }

    resume(replica: string): Promise<void> {
        signal(this.requirePod(replica), "SIGCONT");
        this.frozen.delete(replica);
        return Promise.resolve();
    }

    async ring(): Promise<Record<string, string>> {
        return ringFrom(await this.objects.config("load-balancer"), this.objects.slicesOf("gateway"));
    }

    async ringViews(): Promise<RingView[]> {
        const endpoints = await Promise.all(this.objects.podsOf("load-balancer").map((lb) => this.metricsOf(lb)));
        return ringViewsAt(endpoints.filter((endpoint) => endpoint !== undefined));
    }

    async queued(): Promise<number | undefined> {
        const holders = [...this.objects.replicas("load-balancer"), ...this.objects.replicas("external-gateway")];
        const endpoints = await Promise.all(holders.map((holder) => this.metricsOf(this.objects.pod(holder))));
        const known = endpoints.filter((endpoint) => endpoint !== undefined);
        return known.length === holders.length ? queuedAt(known) : undefined;
    }

    crashes(): Promise<string[]> {
        return Promise.resolve(this.objects.crashes());
    }

    memory(): Promise<Record<string, { bytes: number; limit: number }>> {
        return memoryOf(this.objects.pods());
    }

    async destroy(): Promise<void> {
        for (const replica of this.frozen) await this.resume(replica);
        if (this.interrupted) await this.stack.unlock();
        await Promise.all([this.objects.close(), this.forwards.close()]);
        try {
            await this.stack.destroy();
        } finally {
            await removeNamespace(this.namespace);
        }
    }

    private async toEachLb(port: number): Promise<string[]> {
        const service = await this.service;
        const lbs = this.objects.replicas("load-balancer");
        if (service) return lbs.map(() => `${service}:${port}`);
        return Promise.all(lbs.map((lb) => this.forwards.address(lb, port)));
    }

    /** @returns undefined for a pod that has no address yet */
    private async metricsOf(pod: V1Pod | undefined): Promise<string | undefined> {
        const address = pod?.status?.podIP;
        if (!pod || !address) return undefined;
        if (await this.service) return `http://${address}:${ports.metrics}/metrics`;
        return `http://${await this.forwards.address(pod.metadata?.name ?? "", ports.metrics)}/metrics`;
    }

    private isUp(replica: string, before?: string): boolean {
        const pod = this.objects.pod(replica);
        return pod !== undefined && uidOf(pod) !== before && !pod.metadata?.deletionTimestamp && isReady(pod);
    }

    private requirePod(replica: string): V1Pod {
        const pod = this.objects.pod(replica);
        if (!pod) throw new InvalidInput(`there is no pod ${replica} in the namespace ${this.namespace}`);
        return pod;
    }
}

const uidOf = (pod: V1Pod | undefined) => pod?.metadata?.uid ?? "";
