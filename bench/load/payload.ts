import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { randomFillSync } from "node:crypto";
import { spansPerRequest, type TrafficShape } from "./plan";

const traceIdBytes = 16;
const spanIdBytes = 8;

/** A request that is encoded once; to send another, only its ids are written anew. */
export interface RequestTemplate {
    body: Buffer;
    /** Where the ids of each span are in the body. */
    spans: { traceId: number; spanId: number }[];
}

export function requestTemplate(shape: TrafficShape, run?: string): RequestTemplate {
    const ids = Array.from({ length: spansPerRequest(shape) }, () => ({
        traceId: randomBytes(traceIdBytes),
        spanId: randomBytes(spanIdBytes),
    }));
    const spans = ids.map(({ traceId, spanId }, index) => readableSpan(traceId, spanId, attributes(shape, index, run)));
    const body = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []);
    return {
        body,
        spans: ids.map(({ traceId, spanId }) => ({ traceId: body.indexOf(traceId), spanId: body.indexOf(spanId) })),
    };
}

/** A request of its own: the traces that are given, each with as many spans as the shape says, and new span ids. */
export function fillRequest(
    { body, spans }: RequestTemplate,
    traceIds: Buffer[],
): { body: Buffer; ids: { traceId: Buffer; spanId: Buffer }[] } {
    const filled = Buffer.from(body);
    const perTrace = spans.length / traceIds.length;
    const ids = spans.map(({ traceId: traceAt, spanId: spanAt }, index) => {
        const traceId = traceIds[Math.floor(index / perTrace)] ?? randomBytes(traceIdBytes);
        const spanId = randomBytes(spanIdBytes);
        traceId.copy(filled, traceAt);
        spanId.copy(filled, spanAt);
        return { traceId, spanId };
    });
    return { body: filled, ids };
}

export const newTraceIds = (count: number) => Array.from({ length: count }, () => randomBytes(traceIdBytes));

const pool = Buffer.alloc(1 << 16);
let used = pool.length;

/** Randomness by the pool: asking for a few bytes a hundred thousand times a second would cost more than the rest. */
function randomBytes(count: number): Buffer {
    if (used + count > pool.length) {
        randomFillSync(pool);
        used = 0;
    }
    used += count;
    return Buffer.from(pool.subarray(used - count, used));
}

function attributes({ attributes }: TrafficShape, index: number, run?: string): Record<string, string> {
    const entries = Array.from({ length: attributes }, (_, key): [string, string] => [
        `bench.attribute.${String(key).padStart(2, "0")}`,
        `value ${key} of span ${index} `.padEnd(20, "."),
    ]);
    return { ...Object.fromEntries(entries), ...(run && { "tiers.verify.run": run }) };
}

/** All of a resource that the serializer reads. */
const resource = {
    attributes: { "service.name": "otel-collector-tiers-bench", "host.name": "bench" },
} as unknown as ReadableSpan["resource"];

function readableSpan(traceId: Buffer, spanId: Buffer, attributes: Record<string, string>): ReadableSpan {
    const start: [number, number] = [Math.floor(Date.now() / 1_000), 0];
    const context = {
        traceId: traceId.toString("hex"),
        spanId: spanId.toString("hex"),
        traceFlags: TraceFlags.SAMPLED,
    };
    return {
        name: "GET /bench",
        kind: SpanKind.SERVER,
        spanContext: () => context,
        startTime: start,
        endTime: start,
        duration: [0, 0],
        ended: true,
        status: { code: SpanStatusCode.UNSET },
        attributes,
        links: [],
        events: [],
        resource,
        instrumentationLibrary: { name: "bench" },
        droppedAttributesCount: 0,
        droppedEventsCount: 0,
        droppedLinksCount: 0,
    };
}
