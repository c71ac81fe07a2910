import type { Arrival, SentSpan } from "../records";

/** A ring, from when on any lb may route by it. */
export interface RingSpell {
    /** Milliseconds since 1970. */
    from: number;
    /** When every lb routed by it, and none by the one before. */
    settled: number;
    /** Its endpoints as the exporter hashes them, with the gateway behind each. */
    endpoints: Record<string, string>;
}

/** What became of every span. */
export interface Verdict {
    /** Spans that were acknowledged. */
    acknowledged: number;
    /** Of those, how many never arrived. */
    lost: number;
    /** Arrivals of spans that nobody sent. */
    invented: number;
    /** Arrivals beyond the first of each span. */
    duplicated: number;
    /** Traces on more than one gateway that were under way while the ring changed. */
    splitInside: number;
    /** All other traces on more than one gateway. */
    splitOutside: number;
    /** Traces whose owner the changes of the ring moved while they were under way: those that may be split. */
    predictedSplit: number;
    /** Spans that went through a gateway that no ring of their time gives their trace to. */
    misrouted: number;
    /** Each gateway's part of the traces. */
    shares: Record<string, number>;
    /** From sending to arrival, in milliseconds, of spans that were acknowledged. */
    latencyMs: { p50: number; p99: number; max: number };
}

export type Judge = (sent: SentSpan[], arrivals: Arrival[], rings: RingSpell[]) => Verdict;

/** Of nothing at all. */
export const emptyVerdict: Verdict = {
    acknowledged: 0,
    lost: 0,
    invented: 0,
    duplicated: 0,
    splitInside: 0,
    splitOutside: 0,
    predictedSplit: 0,
    misrouted: 0,
    shares: {},
    latencyMs: { p50: 0, p99: 0, max: 0 },
};
