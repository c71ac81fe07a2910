import * as pulumi from "@pulumi/pulumi";
import type { TierIdentity } from "./certificates/identity";
import { type Config, printConfig } from "./collector/config";
import { withConsumersFor } from "./collector/consumers";
import { loadBalancerConfig, RoutingKey } from "./collector/loadBalancer";
import { ingressFiles, withIngress } from "./collector/ingress";
import { ringTls, withNextTier } from "./collector/mtls";
import { ports, portsFor } from "./collector/ports";
import { withQueueBytes } from "./collector/queues";
import { type Backends, Resolver } from "./collector/resolver";
import { refuse } from "./collector/rules/refuse";
import { topologyViolations } from "./collector/topology";
import { withDefaults, type WithDefaults } from "./defaults";
import type { Files } from "./platform/files";
import { type Platform, type Port, Role, type Workload } from "./platform/platform";
import { requireResolver } from "./platform/resolvers";
import {
    collectorSpec,
    destination,
    filesFolder,
    identityFilesOf,
    replicaMemory,
    storage,
    tierConfig,
    tierFiles,
    type TierArgs,
    surroundingsOf,
    withSecretText,
} from "./tier";

/** The gateways that an lb routes to: a GatewayTier, or any others that are known by name. */
export interface Gateways {
    backends: Backends;
    /** Resources that the lb starts after. */
    ready?: pulumi.Input<pulumi.Resource>[];
    /**
     * Where they run, if they are a GatewayTier.
     * @default - elsewhere
     */
    platform?: Platform;
}

export interface LoadBalancerTierArgs extends TierArgs {
    /** Where the traces go. */
    gateways: Gateways;
    /**
     * How the lb learns its gateways.
     * @default Resolver.static
     */
    resolver?: Resolver;
    /**
     * How many lbs; each has its own queue.
     * @default 1
     */
    replicas?: number;
    /**
     * What decides which gateway a span goes to.
     * @default RoutingKey.traceID
     */
    routingKey?: RoutingKey;
    /**
     * The attributes whose values decide, with `RoutingKey.attributes`.
     * @default - none
     */
    routingAttributes?: string[];
    /**
     * Bytes that each lb keeps on its disk, for each signal, before it refuses more: "512Mi", "1Gi".
     * @default - what the platform's disk bears; "1Gi" where its size is not known
     */
    queueSize?: string;
    /**
     * The address that the ports below are published on.
     * @default "127.0.0.1"
     */
    bindAddress?: string;
    /**
     * The published ports for OTLP over gRPC, one for each replica; from a single one, each next is two further on.
     * @default [4317]
     */
    grpcPorts?: number[];
    /**
     * The published ports for OTLP over HTTP, in the same way.
     * @default [4318]
     */
    httpPorts?: number[];
    /**
     * The published ports for each lb's own Prometheus metrics, in the same way.
     * @default [8888]
     */
    metricsPorts?: number[];
    /**
     * What clients know the lbs by; without, they send in plain text.
     * @default - none
     */
    servingIdentity?: Pick<TierIdentity, "certificate" | "key">;
    /**
     * Bearer tokens, of which a client shows one; kept as secrets. Without, anybody may send who reaches a port.
     * @default - none
     */
    tokens?: pulumi.Input<string>[];
}

export const LOAD_BALANCER_DEFAULTS = {
    resolver: Resolver.static,
    replicas: 1,
    routingKey: RoutingKey.traceID,
    routingAttributes: [],
    bindAddress: "127.0.0.1",
    grpcPorts: [ports.otlpGrpc],
    httpPorts: [ports.otlpHttp],
    metricsPorts: [ports.metrics],
    tokens: [],
} satisfies Partial<LoadBalancerTierArgs>;

/** Where the size of the disk is not known. */
const usualQueueSize = "1Gi";

/**
 * Takes OTLP in, keeps it on disk, and sends every trace to one gateway.
 *
 * @example
 * const lb = new LoadBalancerTier("load-balancer", { platform, gateways });
 * export const endpoint = lb.grpcEndpoints[0];
 */
export class LoadBalancerTier extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:LoadBalancerTier";

    readonly platform: Platform;
    /** "address:port" for OTLP over gRPC: of each replica, or one for all where the platform has such an address. */
    readonly grpcEndpoints: pulumi.Output<string[]>;
    /** The same for OTLP over HTTP, as "http://address:port" or "https://address:port". */
    readonly httpEndpoints: pulumi.Output<string[]>;
    /** The address of each replica's own Prometheus metrics; none where the platform publishes none. */
    readonly metricsEndpoints: pulumi.Output<string[]>;
    /** "host:port" for OTLP over gRPC, inside the platform's network. */
    readonly internalEndpoint: string;
    /** The finished configuration, without the clients' tokens. */
    readonly config: Config;
    /** What comes after this tier depends on these. */
    readonly ready: pulumi.Input<pulumi.Resource>[];

    constructor(name: string, args: LoadBalancerTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super(LoadBalancerTier.token, name, {}, opts);
        const settings = withDefaults(args, LOAD_BALANCER_DEFAULTS);

        this.config = loadBalancerTierConfig(args);
        const workload = this.createReplicas(name, settings);

        this.platform = settings.platform;
        const { grpc, http, metrics } = workload.published;
        this.grpcEndpoints = addresses(grpc, (address) => address);
        const scheme = settings.servingIdentity ? "https" : "http";
        this.httpEndpoints = addresses(http, (address) => `${scheme}://${address}`);
        this.metricsEndpoints = addresses(metrics, (address) => `http://${address}/metrics`);
        this.internalEndpoint = `${workload.sharedHost}:${ports.otlpGrpc}`;
        this.ready = workload.ready;
        this.registerOutputs({
            grpcEndpoints: this.grpcEndpoints,
            httpEndpoints: this.httpEndpoints,
            metricsEndpoints: this.metricsEndpoints,
        });
    }

    private createReplicas(name: string, settings: Settings): Workload {
        const { platform, replicas, resolver, gateways, bindAddress: address } = settings;
        const isEncrypted = settings.servingIdentity !== undefined;
        const port = (name: "grpc" | "http" | "metrics", number: number, reachedBy: Port["reachedBy"]) => {
            const key = `${name}Ports` as const;
            return { name, number, reachedBy, published: { address, ports: portsFor(key, settings[key], replicas) } };
        };
        return platform.run(
            name,
            {
                ...collectorSpec(name, settings, this.config, platform.noticeSeconds.sharedHost),
                role: Role.loadBalancer,
                sendsTo: destination(platform, gateways, Role.gateway),
                replicas,
                addressed: "together",
                files: this.files(settings),
                storage,
                ports: [
                    { ...port("grpc", ports.otlpGrpc, "clients"), isEncrypted },
                    { ...port("http", ports.otlpHttp, "clients"), isEncrypted },
                    port("metrics", ports.metrics, "operators"),
                ],
                looksUp: resolver === Resolver.k8s ? gateways.backends.service : undefined,
                after: gateways.ready,
            },
            this,
        );
    }

    private files(settings: Settings): Files {
        const { identities, servingIdentity, tokens } = settings;
        const files = tierFiles(this.config, settings, {
            ...identityFilesOf(identities?.loadBalancer, { next: identities?.gateway }),
            ...(servingIdentity && {
                [ingressFiles.certificate]: servingIdentity.certificate,
                [ingressFiles.key]: servingIdentity.key,
            }),
        });
        if (tokens.length === 0) return files;
        const known = pulumi.secret(pulumi.all(tokens));
        return withSecretText(
            files,
            known.apply((all) => printConfig(loadBalancerTierConfig(settings, all))),
        );
    }
}

function addresses(published: Workload["published"][string] | undefined, text: (address: string) => string) {
    return pulumi.output(published ?? []).apply((all) => all.map(text));
}

type Settings = WithDefaults<LoadBalancerTierArgs, typeof LOAD_BALANCER_DEFAULTS>;

/**
 * The finished configuration of the lb tier, without creating anything.
 * @param tokens of clients; left out of what is only looked at
 * @throws InvalidInput when the resolver does not work on the platform, the queues do not fit their disk, or a rule is broken that is not waived
 */
export function loadBalancerTierConfig(
    args: LoadBalancerTierArgs,
    tokens = (args.tokens ?? []).map(() => "hidden"),
): Config {
    const settings = withDefaults(args, LOAD_BALANCER_DEFAULTS);
    requireResolver(settings.platform, settings.resolver);
    const { diskBytes: disk } = settings.platform;
    const limits = { tier: "the lb tier", asked: settings.queueSize, disk, usual: usualQueueSize };
    const memory = replicaMemory("the lb tier", args);
    const config = tierConfig("load-balancer.yaml", args, (base) => {
        const routed = loadBalancerConfig(base, { ...settings, backends: settings.gateways.backends });
        const named = withNextTier(routed, ringTls(routed), args.identities?.gateway.serverName);
        const closed = withIngress(named, {
            isEncrypted: settings.servingIdentity !== undefined,
            tokens,
            folder: filesFolder,
        });
        return withConsumersFor(withQueueBytes(closed, limits), memory);
    });
    refuse(
        "the lb tier",
        topologyViolations({ loadBalancer: config }, surroundingsOf(args, settings.bindAddress)),
        args.waived,
    );
    return config;
}
