import type Docker from "dockerode";
import { Resolver } from "../../components";
import { ports } from "../../components/collector/ports";
import { InvalidInput } from "../../components/errors";
import { ContainerRig } from "./containerRig";
import { type CollectorSpec, Containers } from "./containers";
import { freePorts } from "./ports";
import { queuedAt } from "./queued";
import { batching, loadBalancer } from "./references";
import type { Rig, RingView, Settings, Tier } from "./rig";
import { ringViewsAt } from "./ringViews";

const lbs = ["load-balancer-1", "load-balancer-2"];
const externalGateway = "external-gateway-1";
const gatewayNames = (count: number) => Array.from({ length: count }, (_, index) => `gateway-${index + 1}`);

/** The exporter's documented two-tier example with an external hop, in plain containers: what everybody deploys. */
export class ReferenceRig extends ContainerRig implements Rig {
    readonly platform = "docker";
    readonly profile = "default";
    readonly resolver = Resolver.static;

    private readonly containers = new Containers();
    private gateways: string[] = [];
    private lists = "";

    private constructor(
        private readonly sink: string,
        private readonly published: number[],
    ) {
        super();
    }

    /** @param sink "address:port" of the backend, for OTLP over gRPC */
    static async create(sink: string): Promise<ReferenceRig> {
        return new ReferenceRig(sink, await freePorts(3 * lbs.length));
    }

    /**
     * To `gateways` (3), with `lists` the "same" for both lbs, or "different". In the order of most tools: what has to go
     * goes, what has to come comes, and then the lbs are given their new list.
     */
    async up({ gateways = 3, lists = "same" }: Settings): Promise<void> {
        const wanted = gatewayNames(Number(gateways));
        const isFirst = this.gateways.length === 0;
        if (isFirst) await this.containers.run([batching(externalGateway, this.sink)]);
        for (const name of this.gateways.filter((one) => !wanted.includes(one))) await this.containers.remove(name);
        const added = wanted.filter((one) => !this.gateways.includes(one));
        await this.containers.run(added.map((name) => batching(name, `${externalGateway}:${ports.otlpGrpc}`)));
        if (!isFirst && wanted.length === this.gateways.length && this.lists === lists) return;
        this.gateways = wanted;
        this.lists = String(lists);
        for (const [index, name] of lbs.entries()) {
            if (!isFirst) await this.containers.remove(name);
            await this.containers.run([this.loadBalancer(name, index)]);
        }
    }

    interruptedUp(): Promise<void> {
        return Promise.reject(new InvalidInput("plain containers have no engine to interrupt"));
    }

    clients(): Promise<{ grpc: string[]; http: string[] }> {
        const grpc = lbs.map((_, index) => this.address(index, 0));
        const http = lbs.map((_, index) => `http://${this.address(index, 1)}`);
        return Promise.resolve({ grpc, http });
    }

    replicas(tier: Tier): Promise<string[]> {
        const names = { "load-balancer": lbs, gateway: this.gateways, "external-gateway": [externalGateway] };
        return Promise.resolve(names[tier]);
    }

    start(replica: string): Promise<void> {
        return this.containers.start(replica);
    }

    protected container(replica: string): Docker.Container {
        return this.containers.container(replica);
    }

    ring(): Promise<Record<string, string>> {
        return Promise.resolve(Object.fromEntries(this.gateways.map((name) => [`${name}:${ports.otlpGrpc}`, name])));
    }

    ringViews(): Promise<RingView[]> {
        return ringViewsAt(this.metrics());
    }

    /** Its queues are in memory, one for each gateway, and the exporter shows no size of them. */
    async queued(): Promise<number | undefined> {
        return queuedAt(this.metrics());
    }

    crashes(): Promise<string[]> {
        return Promise.resolve([]);
    }

    memory(): Promise<Record<string, { bytes: number; limit: number }>> {
        return Promise.resolve({});
    }

    destroy(): Promise<void> {
        return this.containers.destroy();
    }

    private loadBalancer(name: string, index: number): CollectorSpec {
        const known = this.lists === "different" ? this.gateways.slice(index) : this.gateways;
        const [grpc = 0, http = 0, metrics = 0] = this.published.slice(3 * index);
        return {
            ...loadBalancer(name, known),
            published: { [ports.otlpGrpc]: grpc, [ports.otlpHttp]: http, [ports.metrics]: metrics },
        };
    }

    private address(lb: number, port: number): string {
        return `127.0.0.1:${this.published[3 * lb + port]}`;
    }

    private metrics(): string[] {
        return lbs.map((_, index) => `http://${this.address(index, 2)}/metrics`);
    }
}
