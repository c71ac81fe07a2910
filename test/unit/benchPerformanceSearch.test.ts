import { describe, expect, it } from "vitest";
import { RateSearch, type SearchRange } from "../../bench/performance/rateSearch";
import { whyNot } from "../../bench/performance/throughput";
import { emptyVerdict, type Verdict } from "../../bench/check/verdict";
import { busyTraffic } from "../../bench/load/plan";

const range: SearchRange = { first: 8_000, step: 1.5, closeness: 1.05, least: 500, most: 200_000 };
const mostProbes = 60;

/** Probes until the search is over. */
function search(holds: (rate: number, probe: number) => boolean, over: Partial<SearchRange> = {}) {
    const one = new RateSearch({ ...range, ...over });
    const probed: number[] = [];
    for (let rate = one.next; rate !== undefined; rate = one.next) {
        probed.push(rate);
        if (probed.length > mostProbes) throw new Error("the search does not end");
        one.record(rate, holds(rate, probed.length));
    }
    return { found: one.found, probed };
}

describe("the search for the highest rate that holds", () => {
    it.each([600, 7_999, 8_000, 8_001, 12_345, 31_000, 199_000])("comes near %s from below", (limit) => {
        const { found, probed } = search((rate) => rate <= limit);
        expect(found).toBeLessThanOrEqual(limit);
        expect(found).toBeGreaterThan(limit / 1.06);
        expect(probed.length).toBeLessThan(20);
    });

    it("grows in steps until a rate fails, then halves what is between, and probes the one it found again", () => {
        expect(search((rate) => rate <= 20_000).probed).toEqual([8_000, 12_000, 18_000, 27_000, 22_045, 19_920, 20_956, 20_431, 19_920]); // prettier-ignore
    });

    it("does not believe a rate that held by luck", () => {
        const lucky = search((rate, probe) => rate <= 15_000 || (rate === 18_000 && probe === 3));
        expect(lucky.found).toBeLessThanOrEqual(15_000);
        expect(lucky.found).toBeGreaterThan(13_500);
    });

    it("finds nothing where nothing holds, and stops", () => {
        expect(search(() => false)).toEqual({ found: 0, probed: [8_000, 5_333, 3_555, 2_370, 1_580, 1_053, 702, 500] });
    });

    it("stops at the most that is asked for", () => {
        expect(search(() => true, { most: 20_000 })).toEqual({
            found: 20_000,
            probed: [8_000, 12_000, 18_000, 20_000, 20_000],
        });
    });

    it("ends on a machine that holds any rate every other time", () => {
        expect(search((_, probe) => probe % 2 === 0).probed.length).toBeLessThan(20);
    });

    it("comes down soon to what a machine still holds that has become slower meanwhile", () => {
        const { found, probed } = search((rate, probe) => rate <= (probe < 9 ? 20_000 : 9_000));
        expect(found).toBeLessThanOrEqual(9_000);
        expect(found).toBeGreaterThan(8_000);
        expect(probed.length).toBeLessThan(25);
    });
});

describe("a rate holds", () => {
    const verdict = { ...emptyVerdict, acknowledged: 80_000 };
    const sentFrom = 1_000_000;
    const inTime = sentFrom + 8_000 + busyTraffic.requestIntervalMs + 2_000;
    const loaded = { verdict, heldBack: 0, givenUp: 0, firstSentAt: sentFrom, lastArrivedAt: inTime };
    const why = (over: Partial<typeof loaded>, ofVerdict: Partial<Verdict> = {}) =>
        whyNot(
            { ...loaded, ...over, verdict: { ...verdict, ...ofVerdict } },
            { rate: 10_000, seconds: 8, shape: busyTraffic },
        );

    it("when all that was offered was acknowledged and is there two seconds after the load", () => {
        expect(why({})).toEqual([]);
    });

    it("also when the generator's time was over before the last few requests were due", () => {
        expect(why({}, { acknowledged: 79_400 })).toEqual([]);
    });

    it.each<[string, Parameters<typeof why>]>([
        ["1 requests held back", [{ heldBack: 1 }]],
        ["2 requests never acknowledged", [{ givenUp: 2 }]],
        ["3 acknowledged spans not there in time", [{}, { lost: 3 }]],
        ["4 ms too late", [{ lastArrivedAt: inTime + 4 }]],
        ["only 9 875 spans/s were sent", [{}, { acknowledged: 79_000 }]],
    ])("but not with %s", (reason, [over, ofVerdict]) => {
        expect(why(over, ofVerdict)).toEqual([reason]);
    });
});
