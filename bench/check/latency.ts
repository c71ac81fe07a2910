import type { Span } from "./join";
import type { Verdict } from "./verdict";

export function latencies(spans: Span[]): Verdict["latencyMs"] {
    return quantiles(latenciesOf(spans));
}

/** From sending to first arrival in milliseconds, of acknowledged spans that arrived. */
export function latenciesOf(spans: Span[]): Float64Array {
    const arrived = spans.filter(({ sent, firstArrivedAt }) => sent.acknowledgedAt > 0 && firstArrivedAt < Infinity);
    return Float64Array.from(arrived, ({ sent, firstArrivedAt }) => firstArrivedAt - sent.sentAt);
}

/** 0 when there is none. */
export function quantiles(milliseconds: Float64Array): Verdict["latencyMs"] {
    const sorted = milliseconds.toSorted();
    const percentile = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
    return { p50: percentile(0.5), p99: percentile(0.99), max: percentile(1) };
}
