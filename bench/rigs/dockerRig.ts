import type Docker from "dockerode";
import { Resolver } from "../../components";
import { ports } from "../../components/collector/ports";
import type { ContainerLives } from "./containerLives";
import { ContainerRig } from "./containerRig";
import { EngineStack, newStackName } from "./engineStack";
import { interruptedUp } from "./interruptedUp";
import { freePorts } from "./ports";
import { queuedAt } from "./queued";
import { recoveringUp } from "./recovery";
import type { Clients, Rig, RingView, Settings, Tier } from "./rig";
import { ringViewsAt } from "./ringViews";
import { type Running, StackContainers } from "./stackContainers";

export interface DockerRigArgs {
    /** static or dns. */
    resolver: Resolver;
    /** Laid over the rig's own, and kept. */
    settings?: Settings;
    /** The queues are on disks of this size, in memory; absent: on this machine's. */
    diskMiB?: number;
}

/** What `npm start` brings up on Docker, as a stack of its own on ports of its own. */
export class DockerRig extends ContainerRig implements Rig {
    readonly platform = "docker";
    readonly profile = "custody";
    readonly resolver: Resolver;

    /** An update was killed, and none has ended since. */
    private interrupted = false;

    private constructor(
        private readonly stack: EngineStack,
        private readonly own: Settings & { resolver: Resolver },
        private readonly containers: StackContainers,
        private readonly lives: ContainerLives,
    ) {
        super();
        this.resolver = own.resolver;
    }

    /** Nothing runs before the first `up`. */
    static async create({ resolver, settings = {}, diskMiB }: DockerRigArgs): Promise<DockerRig> {
        const [grpc, http, metrics, tapPort] = await freePorts(4);
        const own = {
            gateways: 3,
            loadBalancers: 2,
            grpcPorts: [grpc],
            httpPorts: [http],
            metricsPorts: [metrics],
            tapPort,
            ...settings,
            resolver,
        };
        const name = newStackName("faults");
        const containers = new StackContainers(name);
        if (diskMiB)
            await containers.createDisks(["load-balancer-1", "load-balancer-2", "external-gateway-1"], diskMiB);
        const stack = new EngineStack(await EngineStack.open(name, {}));
        return new DockerRig(stack, own, containers, await containers.lives());
    }

    get stackName(): string {
        return this.stack.name;
    }

    async up(settings: Settings): Promise<void> {
        const all = { ...this.own, ...settings };
        if (this.interrupted) await recoveringUp(this.stack, all, (names) => this.containers.remove(names));
        else await this.stack.up(all);
        this.interrupted = false;
    }

    async interruptedUp(settings: Settings, afterMs: number): Promise<void> {
        this.interrupted = true;
        await interruptedUp(this.stack, { ...this.own, ...settings }, afterMs);
    }

    clients(): Promise<Clients> {
        const { grpc, http, access } = this.stack.outputs;
        return Promise.resolve({ grpc, http, access });
    }

    /** The name of the network that its containers share. */
    get network(): string {
        return this.containers.network;
    }

    /** What is published for operators: each lb's metrics and the tap, as URLs. */
    operators(): string[] {
        const { metrics, tap } = this.stack.outputs;
        return [...metrics, tap];
    }

    /** Where each replica that runs is on the stack's own network. */
    inside(): Promise<Running[]> {
        return this.containers.running();
    }

    /** By the last update that came to its end. */
    replicas(tier: Tier): Promise<string[]> {
        const { gateways, metrics } = this.stack.outputs;
        const names = {
            "load-balancer": metrics.map((_, index) => `load-balancer-${index + 1}`),
            gateway: gateways,
            "external-gateway": ["external-gateway-1"],
        };
        return Promise.resolve(names[tier]);
    }

    start(replica: string): Promise<void> {
        return this.containers.start(replica);
    }

    protected container(replica: string): Docker.Container {
        return this.containers.container(replica);
    }

    /** With static the list that the last update gave to the lbs; with dns who has an address, which a frozen gateway keeps. */
    async ring(): Promise<Record<string, string>> {
        const { resolver, gateways: hosts } = this.stack.outputs;
        if (resolver === Resolver.static) {
            return Object.fromEntries(hosts.map((host) => [endpoint(host), host]));
        }
        const running = await this.containers.running();
        const gateways = running.filter(({ replica }) => replica.startsWith("gateway-"));
        return Object.fromEntries(gateways.map(({ address, replica }) => [endpoint(address), replica]));
    }

    ringViews(): Promise<RingView[]> {
        return ringViewsAt(this.stack.outputs.metrics);
    }

    async queued(): Promise<number | undefined> {
        const running = await this.containers.running();
        const holders = [...(await this.replicas("load-balancer")), ...(await this.replicas("external-gateway"))];
        const addresses = holders.map((holder) => running.find(({ replica }) => replica === holder)?.address);
        if (addresses.includes(undefined)) return undefined;
        return queuedAt(addresses.map((address) => `http://${address}:${ports.metrics}/metrics`));
    }

    crashes(): Promise<string[]> {
        return Promise.resolve(this.lives.crashes());
    }

    async memory(): Promise<Record<string, { bytes: number; limit: number }>> {
        const running = await this.containers.running();
        const used = running.map(async ({ replica }) => [replica, await this.containers.memory(replica)] as const);
        return Object.fromEntries(await Promise.all(used));
    }

    async destroy(): Promise<void> {
        this.lives.close();
        if (this.interrupted) await this.stack.unlock();
        await this.containers.removeAll();
        await this.stack.destroy();
    }
}

const endpoint = (host: string) => `${host}:${ports.otlpGrpc}`;
