import * as grpc from "@grpc/grpc-js";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { spanOf, type TestSpan } from "./span";

const requestMs = 10_000;
const method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Sends spans in one request; resolves once the receiver has acknowledged all of them, rejects otherwise. */
export interface OtlpSender {
    readonly endpoint: string;
    send(spans: TestSpan[]): Promise<void>;
    close(): void;
}

/** OTLP over gRPC, without TLS. @param endpoint "address:port" */
export function grpcSender(endpoint: string): OtlpSender {
    const client = new grpc.Client(endpoint, grpc.credentials.createInsecure(), {
        "grpc.use_local_subchannel_pool": 1, // each sender has a connection of its own, as each of many clients would
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 500,
    });
    const same = (bytes: Buffer) => bytes;
    return {
        endpoint,
        send: (spans) =>
            new Promise((resolve, reject) => {
                const body = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans.map(spanOf)) ?? []);
                const options = { deadline: Date.now() + requestMs };
                client.makeUnaryRequest(method, same, same, body, new grpc.Metadata(), options, (error, answer) => {
                    if (error) return reject(error);
                    const refused = ProtobufTraceSerializer.deserializeResponse(
                        answer ?? Buffer.alloc(0),
                    ).partialSuccess;
                    if (refused?.rejectedSpans) return reject(new Error(`refused: ${refused.errorMessage}`));
                    resolve();
                });
            }),
        close: () => client.close(),
    };
}

/** OTLP over HTTP as JSON. @param endpoint "http://address:port" */
export function httpSender(endpoint: string): OtlpSender {
    return {
        endpoint,
        async send(spans) {
            const response = await fetch(`${endpoint}/v1/traces`, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JsonTraceSerializer.serializeRequest(spans.map(spanOf)),
                signal: AbortSignal.timeout(requestMs),
            });
            const text = await response.text();
            if (!response.ok) throw new Error(`HTTP ${response.status}: ${text}`);
            const { partialSuccess } = JSON.parse(text || "{}") as { partialSuccess?: { rejectedSpans?: unknown } };
            if (Number(partialSuccess?.rejectedSpans ?? 0) > 0) throw new Error(`refused: ${text}`);
        },
        close: () => undefined,
    };
}
