import * as pulumi from "@pulumi/pulumi";
import type { Config } from "./collector/config";
import { gatewayConfig } from "./collector/gateway";
import { externalTls, withNextTier, withoutSenderCheck } from "./collector/mtls";
import { ports } from "./collector/ports";
import { withDefaults, type WithDefaults } from "./defaults";
import type { Backends } from "./collector/resolver";
import { refuse } from "./collector/rules/refuse";
import { topologyViolations } from "./collector/topology";
import type { Files } from "./platform/files";
import { type Platform, Role, type Workload, type WorkloadNames } from "./platform/platform";
import { ScaledBy, SCALING_DEFAULTS, type ScalingArgs, scalingOf } from "./scaling";
import {
    collectorSpec,
    destination,
    identityFilesOf,
    tierConfig,
    tierFiles,
    surroundingsOf,
    type TierArgs,
} from "./tier";

/** Where gateways send: an ExternalGateway, or any collector that acknowledges what it has on disk. */
export interface NextHop {
    /** "host:port" for OTLP over gRPC. */
    endpoint: string;
    /** Resources that the gateways start after. */
    ready?: pulumi.Input<pulumi.Resource>[];
    /**
     * Where it runs, if it is an ExternalGateway.
     * @default - elsewhere
     */
    platform?: Platform;
}

export interface GatewayTierArgs extends TierArgs, ScalingArgs {
    /** Where the gateways send. */
    externalGateway: NextHop;
    /**
     * How many gateways; with a scaler, how many at least.
     * @default 3
     */
    replicas?: number;
}

export const GATEWAY_DEFAULTS = { replicas: 3, ...SCALING_DEFAULTS } satisfies Partial<GatewayTierArgs>;

/**
 * Collectors that each see whole traces: the place for processors that need them.
 *
 * @example
 * const gateways = new GatewayTier("gateway", { platform, externalGateway, replicas: 5 });
 */
export class GatewayTier extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:GatewayTier";

    readonly platform: Platform;
    /** How to reach the gateways, for every resolver. */
    readonly backends: Backends;
    /** The finished configuration. */
    readonly config: Config;
    /** What comes after this tier depends on these. */
    readonly ready: pulumi.Input<pulumi.Resource>[];

    constructor(name: string, args: GatewayTierArgs, opts?: pulumi.ComponentResourceOptions) {
        super(GatewayTier.token, name, {}, opts);
        const settings = withDefaults(args, GATEWAY_DEFAULTS);

        this.config = gatewayTierConfig(args);
        const workload = this.createReplicas(name, settings);

        this.platform = settings.platform;
        this.backends = gatewayBackends(settings.platform, workload);
        this.ready = workload.ready;
        this.registerOutputs({ backends: this.backends });
    }

    private createReplicas(name: string, settings: Settings): Workload {
        const { platform, replicas, externalGateway } = settings;
        return platform.run(
            name,
            {
                ...collectorSpec(name, settings, this.config, platform.noticeSeconds.ring),
                role: Role.gateway,
                sendsTo: destination(platform, externalGateway, Role.externalGateway),
                replicas,
                scaling: scalingOf(settings),
                addressed: "one by one",
                files: tierFiles(this.config, settings, gatewayIdentityFiles(settings)),
                ports: [
                    {
                        name: "grpc",
                        number: ports.otlpGrpc,
                        reachedBy: Role.loadBalancer,
                        isEncrypted: settings.identities !== undefined,
                    },
                    { name: "metrics", number: ports.metrics, reachedBy: "operators" },
                ],
                after: externalGateway.ready,
            },
            this,
        );
    }
}

function gatewayIdentityFiles({ identities }: Settings): Files["reread"] {
    return identityFilesOf(identities?.gateway, {
        senders: identities?.loadBalancer,
        next: identities?.externalGateway,
    });
}

type Settings = WithDefaults<GatewayTierArgs, typeof GATEWAY_DEFAULTS>;

/** How many gateways have a name that is known beforehand. */
export function namedGateways(args: Pick<GatewayTierArgs, "replicas" | "scaledBy">): number {
    const { replicas, scaledBy } = withDefaults(args, GATEWAY_DEFAULTS);
    return scaledBy === ScaledBy.replicas ? replicas : 0;
}

/**
 * The finished configuration of a gateway, without creating anything.
 * @throws InvalidInput when a rule is broken that is not waived, or a scaler could never do what it is asked for
 */
export function gatewayTierConfig(args: GatewayTierArgs): Config {
    scalingOf(withDefaults(args, GATEWAY_DEFAULTS));
    const { identities, externalGateway } = args;
    const config = tierConfig("gateway.yaml", args, (base) => {
        const sending = gatewayConfig(base, externalGateway.endpoint);
        const named = withNextTier(sending, externalTls(sending), identities?.externalGateway.serverName);
        return identities ? named : withoutSenderCheck(named);
    });
    refuse("the gateway tier", topologyViolations({ gateway: config }, surroundingsOf(args)), args.waived);
    return config;
}

/** What the lbs have to know of gateways with these names. */
export function gatewayBackends(platform: Platform, { hosts, sharedHost, service }: WorkloadNames): Backends {
    return { hosts, sharedHost, service, port: ports.otlpGrpc, refresh: platform.dnsRefresh };
}
