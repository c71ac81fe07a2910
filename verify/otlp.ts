import * as grpc from "@grpc/grpc-js";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { type Access, authorization } from "./access";
import { poster } from "./post";
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

/** OTLP over gRPC. @param endpoint "address:port" */
export function grpcSender(endpoint: string, access?: Access): OtlpSender {
    return sender(grpcConnection(endpoint, access), (spans) =>
        ProtobufTraceSerializer.serializeRequest(spans.map(spanOf)),
    );
}

/** OTLP over HTTP as JSON. @param endpoint "http://address:port" or "https://address:port" */
export function httpSender(endpoint: string, access?: Access): OtlpSender {
    return sender(httpConnection(endpoint, "application/json", access), (spans) =>
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

/** Protobuf over gRPC; without an authority in `access`, without TLS. @param endpoint "address:port" */
export function grpcConnection(endpoint: string, access: Access = {}): OtlpConnection {
    const { authority, serverName } = access;
    const credentials = authority
        ? grpc.credentials.createSsl(Buffer.from(authority))
        : grpc.credentials.createInsecure();
    const client = new grpc.Client(endpoint, credentials, {
        "grpc.use_local_subchannel_pool": 1, // each has a connection of its own, as each of many clients would
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 500,
        ...(serverName && { "grpc.ssl_target_name_override": serverName }),
    });
    const same = (bytes: Buffer) => bytes;
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(authorization(access))) metadata.set(name, value);
    const call = (body: Buffer) =>
        new Promise<Buffer>((resolve, reject) => {
            const options = { deadline: Date.now() + requestMs };
            client.makeUnaryRequest(tracesMethod, same, same, body, metadata, options, (error, answer) =>
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

/** Protobuf or JSON over HTTP. @param endpoint "http://address:port" or "https://address:port" */
export function httpConnection(
    endpoint: string,
    contentType: "application/json" | "application/x-protobuf",
    access: Access = {},
): OtlpConnection {
    const server = poster(endpoint, access, requestMs);
    return {
        endpoint,
        async post(body) {
            const { status, body: answer } = await server.post("/v1/traces", contentType, body);
            if (status < 200 || status > 299) throw new Error(`HTTP ${status}: ${answer.toString()}`);
            const rejected = contentType === "application/json" ? rejectedInJson(answer) : rejectedInProtobuf(answer);
            if (rejected > 0) throw new Error(`refused: ${answer.toString()}`);
        },
        close: () => server.close(),
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
