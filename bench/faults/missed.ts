import type { Verdict } from "../check/verdict";
import type { Bars, Scenario } from "./scenario";

/** What a run showed beyond what became of the spans. */
export interface Observed {
    refused: number;
    /** Bytes in queues on disk, long after the traffic. */
    queued: number;
    crashes: string[];
    /** Replicas that used more memory than they may, in a sentence each. */
    overMemory: string[];
    /** Gateways that were missing in the ring, at most. */
    away: number;
}

/** Doubles come with the fault, not with the time around it: a short run may have as many as one of a minute. */
const minuteOfSpans = 12_000;
/** The ring's own balance is coarse; what it predicts for a hundred traces may be off by a few. */
const splitTolerance = 1.2;

/** The bars that a scenario missed, in a sentence each. */
export function missedBars(
    bars: Bars,
    verdict: Verdict,
    observed: Observed,
    { mustShow, oneAtATime }: Scenario,
): string[] {
    const { acknowledged, lost, invented, misrouted, splitInside, splitOutside, predictedSplit } = verdict;
    const mostDuplicated = Math.floor(Math.max(acknowledged, minuteOfSpans) * (bars.duplicated ?? Infinity));
    const mostSplit = bars.splitInside === 0 ? 0 : Math.floor(predictedSplit * splitTolerance);
    const atMost = (what: string, got: number, most: number) =>
        got > most ? [`${got} ${what}; allowed: ${most}`] : [];
    return [
        ...(acknowledged === 0 ? ["nothing was acknowledged"] : []),
        ...(Object.keys(verdict.shares).length === 0 ? ["no span says which gateway it went through"] : []),
        ...atMost("acknowledged spans were lost", lost, 0),
        ...atMost("spans were invented", invented, 0),
        ...atMost("spans were duplicated", verdict.duplicated, mostDuplicated),
        ...atMost("traces were split outside any change of the ring", splitOutside, 0),
        ...atMost("traces were split while the ring changed", splitInside, mostSplit),
        ...atMost("spans went through a gateway that no ring gives them to", misrouted, 0),
        ...atMost("bytes were still queued in the end", observed.queued, 0),
        ...(mustShow === "refusals" && observed.refused === 0 ? ["no client was asked to wait"] : []),
        ...(oneAtATime ? atMost("gateways were out of the ring at once", observed.away, 1) : []),
        ...observed.crashes,
        ...observed.overMemory,
    ];
}

/** What a negative control failed to show. */
export function blind(
    control: NonNullable<Scenario["control"]>,
    { lost, splitInside, splitOutside }: Verdict,
): string[] {
    if (control === "loss") return lost > 0 ? [] : ["nothing was lost: this lab can not see loss"];
    return splitInside + splitOutside > 0 ? [] : ["no trace was split: this lab can not see splits"];
}
