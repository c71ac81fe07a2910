import * as pulumi from "@pulumi/pulumi";
import { type Config, printConfig } from "./collector/config";
import { type BackendFacts, externalGatewayConfig, Protocol, Signal } from "./collector/externalGateway";
import { withoutSenderCheck } from "./collector/mtls";
import { ports } from "./collector/ports";
import { withQueueBytes } from "./collector/queues";
import { refuse } from "./collector/rules/refuse";
import { topologyViolations } from "./collector/topology";
import { withDefaults, type WithDefaults } from "./defaults";
import { invalid } from "./errors";
import type { Files } from "./platform/files";
import { type Platform, Role, type Workload } from "./platform/platform";
import {
    collectorSpec,
    identityFilesOf,
    storage,
    surroundingsOf,
    tierConfig,
    tierFiles,
    type TierArgs,
    withSecretText,
} from "./tier";

/** One place that telemetry ends in. */
export interface Backend {
    /** "https://host:port", or "http://host:port" for a backend without TLS. */
    endpoint: string;
    /**
     * Part of the name of its queue on disk: another name is another queue.
     * @default - the endpoint's host
     */
    name?: string;
    /**
     * OTLP over gRPC or HTTP.
     * @default Protocol.grpc
     */
    protocol?: Protocol;
    /**
     * What it takes.
     * @default - all signals
     */
    signals?: Signal[];
    /**
     * Sent with every request; kept as a secret.
     * @default - none
     */
    headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface ExternalGatewayArgs extends TierArgs {
    /**
     * Where telemetry ends.
     * @default - a file on this tier's volume, bounded by rotation
     */
    backends?: Backend[];
    /**
     * Bytes kept on disk for each backend and signal, before the tiers in front are asked to wait: "512Mi", "4Gi".
     * @default - what the platform's disk bears; "4Gi" where its size is not known
     */
    queueSize?: string;
    /**
     * The port on 127.0.0.1 where `npm run verify` reads which test spans arrived.
     * @default 8889
     */
    tapPort?: number;
}

export const EXTERNAL_GATEWAY_DEFAULTS = {
    backends: [],
    tapPort: ports.tap,
} satisfies Partial<ExternalGatewayArgs>;

/** Where the size of the disk is not known. */
const usualQueueSize = "4Gi";

/**
 * The one way out to the backends, with a queue on disk for each.
 *
 * @example
 * const externalGateway = new ExternalGateway("external-gateway", {
 *     platform,
 *     backends: [{ endpoint: "https://otlp.example.com:4317", headers: { "api-key": config.requireSecret("key") } }],
 * });
 */
export class ExternalGateway extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:ExternalGateway";

    readonly platform: Platform;
    /** "host:port" for OTLP over gRPC, inside the platform's network. */
    readonly endpoint: string;
    /** Where the tap is read: Prometheus series of the test spans that arrived; "" where the platform publishes none. */
    readonly tapEndpoint: pulumi.Output<string>;
    /** The finished configuration, without the backends' headers. */
    readonly config: Config;
    /** What comes after this tier depends on these. */
    readonly ready: pulumi.Input<pulumi.Resource>[];

    constructor(name: string, args: ExternalGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
        super(ExternalGateway.token, name, {}, opts);
        const settings = withDefaults(args, EXTERNAL_GATEWAY_DEFAULTS);

        this.config = externalGatewayTierConfig(args);
        const workload = this.createReplica(name, settings);

        this.platform = settings.platform;
        this.endpoint = `${workload.sharedHost}:${ports.otlpGrpc}`;
        this.tapEndpoint = pulumi
            .output(workload.published.tap ?? [])
            .apply(([address]) => (address ? `http://${address}/metrics` : ""));
        this.ready = workload.ready;
        this.registerOutputs({ endpoint: this.endpoint, tapEndpoint: this.tapEndpoint });
    }

    private createReplica(name: string, settings: Settings): Workload {
        return settings.platform.run(
            name,
            {
                ...collectorSpec(name, settings, this.config, 0),
                role: Role.externalGateway,
                sendsTo: "anywhere",
                replicas: 1,
                addressed: "together",
                files: this.files(settings),
                storage,
                ports: [
                    {
                        name: "grpc",
                        number: ports.otlpGrpc,
                        reachedBy: Role.gateway,
                        isEncrypted: settings.identities !== undefined,
                    },
                    { name: "metrics", number: ports.metrics, reachedBy: "operators" },
                    {
                        name: "tap",
                        number: ports.tap,
                        reachedBy: "operators",
                        published: { address: "127.0.0.1", ports: [settings.tapPort] },
                    },
                ],
            },
            this,
        );
    }

    private files(settings: Settings): Files {
        const { backends, identities } = settings;
        const senders = identityFilesOf(identities?.externalGateway, { senders: identities?.gateway });
        const files = tierFiles(this.config, settings, senders);
        if (backends.every(({ headers }) => !headers)) return files;
        const headers = pulumi.secret(pulumi.all(backends.map(({ headers }) => pulumi.output(headers ?? {}))));
        return withSecretText(
            files,
            headers.apply((known) => printConfig(externalGatewayTierConfig(settings, known))),
        );
    }
}

type Settings = WithDefaults<ExternalGatewayArgs, typeof EXTERNAL_GATEWAY_DEFAULTS>;

/** The name that a backend goes by. */
export function backendName({ name, endpoint }: Backend): string {
    return name ?? new URL(endpoint).hostname;
}

function requireDistinctNames(backends: Backend[]): void {
    const names = backends.map(backendName);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw invalid("the name of a backend", twice, "a name of its own for each backend");
}

/**
 * The finished configuration of the external gateway, without creating anything.
 * @param headers of each backend, in their order; left out of what is only looked at
 * @throws InvalidInput when two backends share a name, the queues do not fit their disk, or a rule is broken that is not waived
 */
export function externalGatewayTierConfig(args: ExternalGatewayArgs, headers: Record<string, string>[] = []): Config {
    const settings = withDefaults(args, EXTERNAL_GATEWAY_DEFAULTS);
    requireDistinctNames(settings.backends);
    const backends = settings.backends.map((backend, index): BackendFacts => ({
        name: backendName(backend),
        endpoint: backend.endpoint,
        protocol: backend.protocol ?? Protocol.grpc,
        signals: backend.signals ?? Object.values(Signal),
        headers: headers[index] ?? {},
    }));
    const { diskBytes: disk } = settings.platform;
    const limits = { tier: "the external gateway", asked: settings.queueSize, disk, usual: usualQueueSize };
    const config = tierConfig("external-gateway.yaml", args, (base) => {
        const sending = withQueueBytes(externalGatewayConfig(base, backends), limits);
        return args.identities ? sending : withoutSenderCheck(sending);
    });
    refuse("the external gateway", topologyViolations({ externalGateway: config }, surroundingsOf(args)), args.waived);
    return config;
}
