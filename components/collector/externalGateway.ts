import { invalid } from "../errors";
import { type Config, list, literal, mergeConfig, section, typeOf } from "./config";

export const Protocol = {
    /** OTLP over gRPC. */
    grpc: "grpc",
    /** OTLP over HTTP. */
    http: "http",
} as const;
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

export const Signal = { traces: "traces", logs: "logs", metrics: "metrics" } as const;
export type Signal = (typeof Signal)[keyof typeof Signal];

/** A backend as the collector needs it. */
export interface BackendFacts {
    /** Part of its queue's name on disk. */
    name: string;
    /** "http://host:port" or "https://host:port"; http means no TLS. */
    endpoint: string;
    protocol: Protocol;
    signals: Signal[];
    headers: Record<string, string>;
}

const sink = "file/sink";
const templates: Record<Protocol, string> = { grpc: "otlp_grpc/backend", http: "otlp_http/backend" };

/**
 * Completes the external gateway's configuration: where the local sink stood, an exporter for each backend.
 * A signal that no backend takes still goes to the sink, because dropping it would lose what was acknowledged.
 */
export function externalGatewayConfig(base: Config, backends: BackendFacts[]): Config {
    const pipelines = rewired(base, backends);
    const used = new Set(Object.values(pipelines).flatMap((pipeline) => list(pipeline, "exporters")));
    const unused = [sink, ...Object.values(templates)].filter((id) => !used.has(id));
    return mergeConfig(base, {
        exporters: {
            ...Object.fromEntries(unused.map((id) => [id, null])),
            ...Object.fromEntries(backends.map((one) => [exporterId(one), exporterConfig(base, one)])),
        },
        service: { pipelines },
    });
}

function exporterId({ name, protocol }: BackendFacts): string {
    return `otlp_${protocol}/${name}`;
}

function exporterConfig(base: Config, { endpoint, protocol, headers }: BackendFacts): Config {
    const template = section(base, "exporters", templates[protocol]);
    if (Object.keys(template).length === 0) {
        throw invalid("exporters", Object.keys(section(base, "exporters")), `an exporter named ${templates[protocol]}`);
    }
    return mergeConfig(template, {
        ...(protocol === Protocol.grpc ? grpcTarget(endpoint) : { endpoint }),
        ...(Object.keys(headers).length > 0 && { headers: literals(headers) }),
    });
}

const literals = (headers: Record<string, string>) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, literal(value)]));

function grpcTarget(endpoint: string): Config {
    const { protocol, hostname, port } = new URL(endpoint);
    const insecure = protocol === "http:";
    return { endpoint: `${hostname}:${port || (insecure ? 80 : 443)}`, tls: { insecure } };
}

function rewired(base: Config, backends: BackendFacts[]): Record<string, Config> {
    const pipelines = Object.keys(section(base, "service", "pipelines"));
    return Object.fromEntries(
        pipelines.map((id) => {
            const takers = backends.filter(({ signals }) => signals.some((signal) => signal === typeOf(id)));
            const exporters = list(base, "service", "pipelines", id, "exporters");
            const next = exporters.flatMap((one) =>
                one === sink && takers.length > 0 ? takers.map(exporterId) : [one],
            );
            return [id, { exporters: next }];
        }),
    );
}
