import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { randomBytes } from "node:crypto";

/** A span to be told from all others; the attributes are those that configs/*.yaml look for. */
export interface TestSpan {
    traceId: string;
    spanId: string;
    /** Absent: an ordinary span, which goes where a client's spans go. */
    run?: string;
}

export const newTraceId = () => randomBytes(16).toString("hex");
export const newSpanId = () => randomBytes(8).toString("hex");

/** What the tap calls a span. */
export const spanKey = ({ traceId, spanId }: TestSpan) => `${traceId}/${spanId}`;

/** All of a resource that the serializers read. The external gateway tells test spans from others by it. */
const resourceOf = ({ run }: TestSpan) =>
    ({
        attributes: { "service.name": "otel-collector-tiers-verify", ...(run && { "tiers.verify.run": run }) },
    }) as unknown as ReadableSpan["resource"];

export function spanOf(span: TestSpan): ReadableSpan {
    const now: [number, number] = [Math.floor(Date.now() / 1_000), 0];
    const { traceId, spanId, run } = span;
    return {
        name: "verify",
        kind: SpanKind.INTERNAL,
        spanContext: () => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED }),
        startTime: now,
        endTime: now,
        duration: [0, 0],
        ended: true,
        status: { code: SpanStatusCode.UNSET },
        // A gateway stamps the spans that have a run.
        attributes: run ? { "tiers.verify.run": run, "tiers.verify.span": spanKey(span) } : {},
        links: [],
        events: [],
        resource: resourceOf(span),
        instrumentationLibrary: { name: "verify" },
        droppedAttributesCount: 0,
        droppedEventsCount: 0,
        droppedLinksCount: 0,
    };
}
