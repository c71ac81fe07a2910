import * as grpc from "@grpc/grpc-js";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { spanOf, type TestSpan } from "./span";

const requestMs = 10_000;
/** The path that a receiver takes traces at over gRPC. */
export const tracesMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** A connection to a receiver: one request at a time or many, each acknowledged or refused by itself. */
export interface OtlpConnection {
    readonly endpoint: string;
    /** Sends an encoded request; resolves once the receiver has acknowledged all of it, rejects otherwise. */
    post(body: Uint8Array | string): Promise<void>;
    close(): void;
}

/** Sends spans in one request; resolves once the receiver has acknowledged all of them, rejects otherwise. */
export interface OtlpSender {
    readonly endpoint: string;
    send(spans: TestSpan[]): Promise<void>;
    close(): void;
}

/** OTLP over gRPC, without TLS. @param endpoint "address:port" */
export function grpcSender(endpoint: string): OtlpSender {
    return sender(grpcConnection(endpoint), (spans) => ProtobufTraceSerializer.serializeRequest(spans.map(spanOf)));
}

/** OTLP over HTTP as JSON. @param endpoint "http://address:port" */
export function httpSender(endpoint: string): OtlpSender {
    return sender(httpConnection(endpoint, "application/json"), (spans) =>
        JsonTraceSerializer.serializeRequest(spans.map(spanOf)),
    );
}

function sender(connection: OtlpConnection, encode: (spans: TestSpan[]) => Uint8Array | undefined): OtlpSender {
    return {
        endpoint: connection.endpoint,
        send: (spans) => connection.post(encode(spans) ?? Buffer.alloc(0)),
        close: () => connection.close(),
    };
}

/** Protobuf over gRPC, without TLS. @param endpoint "address:port" */
export function grpcConnection(endpoint: string): OtlpConnection {
    const client = new grpc.Client(endpoint, grpc.credentials.createInsecure(), {
        "grpc.use_local_subchannel_pool": 1, // each has a connection of its own, as each of many clients would
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 500,
    });
    const same = (bytes: Buffer) => bytes;
    const call = (body: Buffer) =>
        new Promise<Buffer>((resolve, reject) => {
            const options = { deadline: Date.now() + requestMs };
            client.makeUnaryRequest(tracesMethod, same, same, body, new grpc.Metadata(), options, (error, answer) =>
                error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
            );
        });
    return {
        endpoint,
        async post(body) {
            const answer = await call(Buffer.from(body));
            if (rejectedInProtobuf(answer) > 0) throw new Error(`refused: ${answer.toString()}`);
        },
        close: () => client.close(),
    };
}

/** Protobuf or JSON over HTTP. @param endpoint "http://address:port" */
export function httpConnection(
    endpoint: string,
    contentType: "application/json" | "application/x-protobuf",
): OtlpConnection {
    return {
        endpoint,
        async post(body) {
            const response = await fetch(`${endpoint}/v1/traces`, {
                method: "POST",
                headers: { "content-type": contentType },
                body,
                signal: AbortSignal.timeout(requestMs),
            });
            const answer = Buffer.from(await response.arrayBuffer());
            if (!response.ok) throw new Error(`HTTP ${response.status}: ${answer.toString()}`);
            const rejected = contentType === "application/json" ? rejectedInJson(answer) : rejectedInProtobuf(answer);
            if (rejected > 0) throw new Error(`refused: ${answer.toString()}`);
        },
        close: () => undefined,
    };
}

function rejectedInJson(answer: Buffer): number {
    const { partialSuccess } = JSON.parse(answer.toString() || "{}") as {
        partialSuccess?: { rejectedSpans?: unknown };
    };
    return Number(partialSuccess?.rejectedSpans ?? 0);
}

function rejectedInProtobuf(answer: Buffer): number {
    if (answer.length === 0) return 0;
    return Number(ProtobufTraceSerializer.deserializeResponse(answer).partialSuccess?.rejectedSpans ?? 0);
}
