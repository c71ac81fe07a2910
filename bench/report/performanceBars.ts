import type { Balance, BenchResult, Configuration, CostAtRate, LatencyAtRate } from "./benchResult";
import { measured, median, percent, thousands } from "./numbers";

/** What a run of the bench has to show. */
export const bars = {
    /** CPU a span of custody, as a multiple of that of the others, from this rate on. */
    cost: { fromSpansPerSecond: 5_000, hop: 2.5, documented: 0.75 },
    /** Lossless throughput of custody, as a multiple of the documented example's. */
    throughput: 1.25,
    addedP99Ms: 300,
    /** Between what a gateway got and what the ring gives it, in parts of all traces. */
    balance: 0.01,
};

/** One bar, and what was measured against it. */
export interface Judgement {
    what: string;
    figure: string;
    bar: string;
    held: boolean;
}

/** The bars that a run missed, and by how much, in a sentence each. */
export function missedBars(result: BenchResult): string[] {
    return judgements(result)
        .filter(({ held }) => !held)
        .map(({ what, figure, bar }) => `${what}: ${figure}; the bar is ${bar}.`);
}

/** What was not asked for is not judged; what was asked for and has no figure did not hold, since nothing shows that it does. */
export function judgements({ cost, throughput, latency, memory, balance }: BenchResult): Judgement[] {
    return [
        ...(cost ? costJudgements(cost) : []),
        ...(throughput ? throughputJudgement(throughput) : []),
        ...(latency ? orNone("Added latency", latency.map(latencyJudgement)) : []),
        ...(memory ? memoryJudgements(memory) : []),
        ...(balance ? orNone("Balance", balance.map(balanceJudgement)) : []),
    ];
}

/** Of each round in which both were measured, what one took as a multiple of the other. */
export function costRatios({ rounds }: CostAtRate, of: Configuration, to: Configuration): number[] {
    return rounds.flatMap(({ [of]: one, [to]: other }) => (one && other ? [one.total / other.total] : []));
}

/** What three tiers with queues on disk add to one hop; NaN where one of them was not measured. */
export function addedP99({ configurations: { hop, custody } }: LatencyAtRate): number {
    return (custody?.p99 ?? NaN) - (hop?.p99 ?? NaN);
}

/** NaN where nothing was measured. */
export function largestDifference({ shares }: Balance): number {
    const differences = Object.values(shares).map(({ measured: got, ring }) => Math.abs(got - ring));
    return differences.length === 0 ? NaN : Math.max(...differences);
}

/** What custody may not exceed at this rate, by the stricter bar; undefined where there is none to hold it against. */
export function costLimit(at: CostAtRate): number | undefined {
    if (at.spansPerSecond < bars.cost.fromSpansPerSecond) return undefined;
    const limits = (["hop", "documented"] as const).map(
        (reference) => bars.cost[reference] * median(costOf(at, reference)),
    );
    const known = limits.filter(Number.isFinite);
    return known.length === 0 ? undefined : Math.min(...known);
}

export function costOf({ rounds }: CostAtRate, configuration: Configuration): number[] {
    return rounds.flatMap(({ [configuration]: cost }) => (cost ? [cost.total] : []));
}

function costJudgements(cost: CostAtRate[]): Judgement[] {
    const { fromSpansPerSecond, ...limits } = bars.cost;
    const judged = cost.filter(({ spansPerSecond }) => spansPerSecond >= fromSpansPerSecond);
    return orNone(
        `CPU a span at ${thousands(fromSpansPerSecond)} spans/s and above`,
        judged.flatMap((at) =>
            (["hop", "documented"] as const).map((reference) => {
                const ratio = median(costRatios(at, "custody", reference));
                return {
                    what: `CPU a span at ${thousands(at.spansPerSecond)} spans/s, custody to ${reference}`,
                    figure: times(ratio),
                    bar: `at most ${limits[reference]} times`,
                    held: ratio <= limits[reference],
                };
            }),
        ),
    );
}

function throughputJudgement({ custody, documented }: NonNullable<BenchResult["throughput"]>): Judgement[] {
    const ratio = custody / documented;
    return [
        {
            what: "Lossless throughput, custody to documented",
            figure: times(ratio),
            bar: `at least ${bars.throughput} times`,
            held: ratio >= bars.throughput,
        },
    ];
}

function latencyJudgement(at: LatencyAtRate): Judgement {
    return {
        what: `Added latency at ${thousands(at.spansPerSecond)} spans/s, 99th percentile`,
        figure: `${measured(addedP99(at))} ms`,
        bar: `at most ${bars.addedP99Ms} ms`,
        held: addedP99(at) <= bars.addedP99Ms,
    };
}

function memoryJudgements({ tiers, lost, queued, crashes }: NonNullable<BenchResult["memory"]>): Judgement[] {
    const ofTiers = Object.entries(tiers).map(([tier, { peakBytes, limitBytes }]) => ({
        what: `Memory of the ${tier} at twice the sustainable load`,
        figure: `${percent(peakBytes, limitBytes)} of its limit`,
        bar: "at most all of it",
        held: peakBytes <= limitBytes,
    }));
    return [
        ...orNone("Memory at twice the sustainable load", ofTiers),
        ...[
            { what: "Lost spans at", count: lost },
            { what: "Bytes left in queues after", count: queued },
            { what: "Crashes at", count: crashes.length },
        ].map(({ what, count }) => ({
            what: `${what} twice the sustainable load`,
            figure: thousands(count),
            bar: "0",
            held: count === 0,
        })),
    ];
}

function balanceJudgement(at: Balance): Judgement {
    return {
        what: `Largest distance from the ring's share, ${at.gateways === 1 ? "one gateway" : `${at.gateways} gateways`}`,
        figure: percent(largestDifference(at), 1),
        bar: `at most ${percent(bars.balance, 1)}`,
        held: largestDifference(at) <= bars.balance,
    };
}

function orNone(what: string, found: Judgement[]): Judgement[] {
    return found.length > 0 ? found : [{ what, figure: "none", bar: "a figure", held: false }];
}

const times = (ratio: number) => `${measured(ratio)} times`;
