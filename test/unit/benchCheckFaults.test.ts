import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../bench/check/judge";
import { traceOf } from "../../bench/records";
import { honestRun, ownerIn, type Run, type RunShape, spanKey, start } from "../support/benchRun";

const verdictOf = ({ sent, arrivals, rings }: Run) => judge(sent, arrivals, rings);

const shapes = fc.record<RunShape>({
    seed: fc.nat(1_000),
    traces: fc.integer({ min: 1, max: 60 }),
    spansPerTrace: fc.integer({ min: 1, max: 4 }),
    lbs: fc.integer({ min: 1, max: 3 }),
    gateways: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
});
const runs = shapes.map(honestRun);
/** Runs, and some of their spans by place. */
const withSome = (runs: fc.Arbitrary<Run>) =>
    runs.chain((run) =>
        fc.record({
            run: fc.constant(run),
            places: fc.subarray([...run.sent.keys()]).map((places) => new Set(places)),
        }),
    );
const runsWithSome = withSome(runs);
const steadyWithSome = withSome(shapes.map((shape) => honestRun({ ...shape, gateways: [3] })));

function check<T>(runs: fc.Arbitrary<T>, property: (run: T) => void): void {
    fc.assert(
        fc.property(runs, (run) => {
            property(run);
        }),
        { numRuns: 40 },
    );
}

describe("a run without a fault", () => {
    it("has nothing to complain about, and no more split traces than its rings predict", () => {
        check(runs, (run) => {
            const verdict = verdictOf(run);
            expect(verdict).toMatchObject({
                acknowledged: run.sent.length,
                lost: 0,
                invented: 0,
                duplicated: 0,
                splitOutside: 0,
                misrouted: 0,
            });
            expect(verdict.splitInside).toBeLessThanOrEqual(verdict.predictedSplit);
        });
    });

    it("has split traces while the ring changes", () => {
        const run = honestRun({ seed: 1, traces: 400, spansPerTrace: 4, lbs: 2, gateways: [2, 3, 5, 2] });
        const { splitInside, predictedSplit } = verdictOf(run);
        expect(splitInside).toBeGreaterThan(20);
        expect(predictedSplit).toBeLessThan(2 * splitInside);
    });

    it("is judged the same in whatever order its records come", () => {
        const shuffled = runs.chain((run) =>
            fc.record({
                run: fc.constant(run),
                sent: fc.shuffledSubarray(run.sent, { minLength: run.sent.length }),
                arrivals: fc.shuffledSubarray(run.arrivals, { minLength: run.arrivals.length }),
            }),
        );
        check(shuffled, ({ run, sent, arrivals }) => {
            expect(verdictOf({ ...run, sent, arrivals })).toEqual(verdictOf(run));
        });
    });

    it("has the predicted split traces that counting one by one gives", () => {
        check(runs, (run) => expect(verdictOf(run).predictedSplit).toBe(predictedOneByOne(run)));
    });
});

function predictedOneByOne({ sent, arrivals, rings }: Run): number {
    const owners = rings.map(ownerIn);
    const traces = [...new Set(sent.map(({ key }) => traceOf(key)))];
    return traces.filter((trace) => {
        const times = sent.filter(({ key }) => traceOf(key) === trace).map(({ sentAt }) => sentAt);
        const ends = arrivals.filter(({ key }) => traceOf(key) === trace).map(({ at }) => at);
        return (
            new Set(times).size > 1 &&
            rings.some(
                ({ from, settled }, ring) =>
                    ring > 0 &&
                    Math.min(...times) <= settled &&
                    Math.max(...ends) >= from &&
                    owners[ring - 1]?.(trace) !== owners[ring]?.(trace),
            )
        );
    }).length;
}

describe("k faults are k in the verdict", () => {
    it("spans that never arrive", () => {
        check(runsWithSome, ({ run, places }) => {
            const arrivals = run.arrivals.filter((_, place) => !places.has(place));
            expect(verdictOf({ ...run, arrivals })).toMatchObject({
                acknowledged: run.sent.length,
                lost: places.size,
                invented: 0,
                duplicated: 0,
                splitOutside: 0,
                misrouted: 0,
            });
        });
    });

    it("spans that never arrive and were not acknowledged: nobody lost them", () => {
        check(runsWithSome, ({ run, places }) => {
            const sent = run.sent.map((span, place) => (places.has(place) ? { ...span, acknowledgedAt: 0 } : span));
            const arrivals = run.arrivals.filter((_, place) => !places.has(place));
            const acknowledged = sent.length - places.size;
            expect(verdictOf({ ...run, sent, arrivals })).toMatchObject({ acknowledged, lost: 0 });
        });
    });

    it("spans that arrive again, acknowledged or not", () => {
        check(fc.tuple(runsWithSome, fc.boolean()), ([{ run, places }, isAcknowledged]) => {
            const sent = run.sent.map((span) => (isAcknowledged ? span : { ...span, acknowledgedAt: 0 }));
            const again = run.arrivals.filter((_, place) => places.has(place));
            const arrivals = [...run.arrivals, ...again];
            const { latencyMs, ...verdict } = verdictOf({ ...run, sent, arrivals });
            const { latencyMs: before, ...honest } = verdictOf({ ...run, sent });
            expect(latencyMs).toEqual(before);
            expect(verdict).toEqual({ ...honest, duplicated: places.size });
        });
    });

    it("spans that nobody sent, which change nothing else", () => {
        check(fc.tuple(runs, fc.nat(50)), ([run, count]) => {
            const foreign = Array.from({ length: count }, (_, index) => ({
                key: spanKey(index % 60, 1_000 + index),
                at: start,
                gateway: "gateway-7",
            }));
            const arrivals = [...run.arrivals, ...foreign];
            expect(verdictOf({ ...run, arrivals })).toEqual({ ...verdictOf(run), invented: count });
        });
    });

    it("spans through a gateway that is not their owner", () => {
        check(runsWithSome, ({ run, places }) => {
            const arrivals = run.arrivals.map((arrival, place) =>
                places.has(place) ? { ...arrival, gateway: "gateway-9" } : arrival,
            );
            expect(verdictOf({ ...run, arrivals })).toMatchObject({ misrouted: places.size, lost: 0, duplicated: 0 });
        });
    });

    it("traces of which a part, not all, went elsewhere", () => {
        check(steadyWithSome, ({ run, places }) => {
            const arrivals = run.arrivals.map((arrival, place) =>
                places.has(place) ? { ...arrival, gateway: "gateway-9" } : arrival,
            );
            const tracesOf = (isElsewhere: boolean) =>
                new Set(
                    run.sent.filter((_, place) => places.has(place) === isElsewhere).map(({ key }) => traceOf(key)),
                );
            const split = [...tracesOf(true)].filter((trace) => tracesOf(false).has(trace)).length;
            expect(verdictOf({ ...run, arrivals })).toMatchObject({ splitOutside: split, splitInside: 0 });
        });
    });
});

describe("negative controls", () => {
    it("scale-in that takes a gateway with all it holds shows as loss", () => {
        const run = honestRun({ seed: 2, traces: 300, spansPerTrace: 2, lbs: 2, gateways: [3] });
        const gone = run.arrivals.filter(({ gateway, at }) => gateway === "gateway-3" && at > start + 1_000);
        const arrivals = run.arrivals.filter((arrival) => !gone.includes(arrival));
        expect(gone.length).toBeGreaterThan(100);
        expect(verdictOf({ ...run, arrivals }).lost).toBe(gone.length);
    });

    it("two lbs with different lists show as split traces, outside of any change, and as misrouted spans", () => {
        const shape = { seed: 3, traces: 300, spansPerTrace: 2, lbs: 2 };
        const [three, two] = [honestRun({ ...shape, gateways: [3] }), honestRun({ ...shape, gateways: [2] })];
        const arrivals = three.arrivals.map((arrival, place) =>
            three.sent[place]?.endpoint === 0 ? arrival : (two.arrivals[place] ?? arrival),
        );
        const { splitInside, splitOutside, misrouted } = verdictOf({ ...three, arrivals });
        expect(splitOutside).toBeGreaterThan(50);
        expect([splitInside, misrouted]).toEqual([0, splitOutside]);
    });
});
