import { describe, expect, it } from "vitest";
import { judge } from "../../bench/check/judge";
import { shareByRing } from "../../bench/check/shares";
import { emptyVerdict, type RingSpell } from "../../bench/check/verdict";
import type { Arrival, SentSpan } from "../../bench/records";
import { honestRun, ownerIn, ringEndpoints, spanKey, traceId } from "../support/benchRun";

const sent = (trace: number, span: number, sentAt: number, isAcknowledged = true): SentSpan => ({
    key: spanKey(trace, span),
    sentAt,
    acknowledgedAt: isAcknowledged ? sentAt + 1 : 0,
    endpoint: 0,
});
const arrived = (trace: number, span: number, at: number, gateway?: string): Arrival => ({
    key: spanKey(trace, span),
    at,
    gateway,
});
const ring = (from: number, settled: number, endpoints: Record<string, string>): RingSpell => ({
    from,
    settled,
    endpoints,
});
const only = (gateway: string) => ({ "backend:4317": gateway });

/** One trace, sent at 1000 and 1300, arrived at 1010 and 1310. */
const trace = [sent(0, 0, 1_000), sent(0, 1, 1_300)];
const onTwo = [arrived(0, 0, 1_010, "a"), arrived(0, 1, 1_310, "b")];

describe("a run with nothing in it", () => {
    it("gives a verdict of zeros", () => {
        expect(judge([], [], [])).toEqual(emptyVerdict);
    });

    it("without arrivals has lost all that was acknowledged, and predicts no split of what never came", () => {
        const rings = [ring(0, 0, only("a")), ring(1_100, 1_200, only("b"))];
        const verdict = judge([...trace, sent(1, 0, 1_000, false)], [], rings);
        expect(verdict).toMatchObject({ acknowledged: 2, lost: 2, predictedSplit: 0, shares: { a: 0, b: 0 } });
    });
});

describe("a ledger with a span twice", () => {
    it("is not judged", () => {
        expect(() => judge([sent(0, 0, 1), sent(0, 0, 2)], [], [])).toThrow("the ledger names 1 spans twice");
    });
});

describe("split traces", () => {
    it("are all outside when there is no history of the ring, and then no gateway is right", () => {
        expect(judge(trace, onTwo, [])).toMatchObject({ splitInside: 0, splitOutside: 1, misrouted: 2 });
    });

    it.each([
        ["ends as the change begins", 1_310, 2_000, "splitInside"],
        ["ends before the change", 1_311, 2_000, "splitOutside"],
        ["begins as the change ends", 500, 1_000, "splitInside"],
        ["begins after the change", 500, 999, "splitOutside"],
        ["has the change in its middle", 1_100, 1_200, "splitInside"],
    ] as const)("one that %s", (_, from, settled, where) => {
        const rings = [ring(0, 0, only("a")), ring(from, settled, only("b"))];
        const counts = { splitInside: 0, splitOutside: 0, predictedSplit: where === "splitInside" ? 1 : 0 };
        expect(judge(trace, onTwo, rings)).toMatchObject({ ...counts, [where]: 1 });
    });

    it("are outside during the first ring, which replaces none", () => {
        expect(judge(trace, onTwo, [ring(900, 1_200, only("a"))])).toMatchObject({ splitInside: 0, splitOutside: 1 });
    });

    it("need a stamp on both sides", () => {
        const arrivals = [arrived(0, 0, 1_010, "a"), arrived(0, 1, 1_310)];
        const verdict = judge(trace, arrivals, [ring(0, 0, only("a"))]);
        expect(verdict).toMatchObject({ splitOutside: 0, lost: 0, misrouted: 0, shares: { a: 1 } });
    });

    it("are also those that a duplicate took to a second gateway", () => {
        const arrivals = [arrived(0, 0, 1_010, "a"), arrived(0, 0, 1_020, "b")];
        expect(judge([sent(0, 0, 1_000)], arrivals, [])).toMatchObject({ splitOutside: 1, duplicated: 1 });
    });

    it("are foreseen once, by however many changes", () => {
        const rings = ["a", "b", "a", "b"].map((name, index) => ring(index * 300, index * 300 + 200, only(name)));
        const arrivals = [arrived(0, 0, 1_010, "b"), arrived(0, 1, 1_310, "b")];
        expect(judge(trace, arrivals, rings)).toMatchObject({ predictedSplit: 1, splitInside: 0 });
    });

    it("are not foreseen for what went in one request, nor where the gateway behind a new address is the same", () => {
        const arrivals = [arrived(0, 0, 1_400, "a"), arrived(0, 1, 1_400, "a")];
        const moved = [ring(0, 0, only("a")), ring(1_100, 1_200, only("b"))];
        const readdressed = [ring(0, 0, only("a")), ring(1_100, 1_200, { "elsewhere:4317": "a" })];
        expect(judge([sent(0, 0, 1_000), sent(0, 1, 1_000)], arrivals, moved).predictedSplit).toBe(0);
        expect(judge(trace, arrivals, moved).predictedSplit).toBe(1);
        expect(judge(trace, arrivals, readdressed).predictedSplit).toBe(0);
    });
});

describe("misrouted spans", () => {
    const rings = [ring(0, 0, only("a")), ring(1_000, 1_200, only("b"))];
    it.each([
        ["by the old ring until every lb has the new one", 1_200, "a", 0],
        ["by the old ring afterwards", 1_201, "a", 1],
        ["by the new ring once any lb may have it", 990, "b", 0],
        ["by the new ring before it was there", 980, "b", 1],
        ["by no ring at all", 1_100, "c", 1],
    ])("%s", (_, sentAt, gateway, misrouted) => {
        const arrivals = [arrived(0, 0, sentAt + 10, gateway)];
        expect(judge([sent(0, 0, sentAt)], arrivals, rings).misrouted).toBe(misrouted);
    });

    it("not through a gateway that has taken over the address of another, before an lb looked", () => {
        const swapped = [
            ring(0, 0, { "1:1": "a" }),
            ring(1_000, 1_200, { "2:1": "b" }),
            ring(1_300, 1_400, { "1:1": "c" }),
        ];
        const through = (gateway: string) =>
            judge([sent(0, 0, 1_190)], [arrived(0, 0, 1_310, gateway)], swapped).misrouted;
        expect(through("c")).toBe(0);
        expect(through("d")).toBe(1);
    });
});

describe("rings that an lb had for a moment only", () => {
    const endpoints = (...gateways: string[]) =>
        Object.fromEntries(gateways.map((gateway) => [`${gateway}:4317`, gateway]));
    const ownersIn = (rings: RingSpell[], trace: number) => {
        const through = (gateway: string) =>
            judge([sent(trace, 0, 1_100)], [arrived(trace, 0, 1_110, gateway)], rings).misrouted === 0;
        return ["a", "b", "c", "d"].filter(through);
    };
    const traces = Array.from({ length: 50 }, (_, trace) => trace);
    const owner = (ring: Record<string, string>, trace: number) =>
        ownerIn({ from: 0, settled: 0, endpoints: ring })(traceId(trace));

    it("have those who stay, and any of those who come or go", () => {
        const change = [ring(0, 0, endpoints("a", "b")), ring(1_000, 1_200, endpoints("a", "c", "d"))];
        const between = ["a", "ab", "ac", "ad", "abc", "abd", "acd", "abcd"].map((names) => endpoints(...names));
        for (const trace of traces) {
            const possible = new Set(between.map((ring) => owner(ring, trace)));
            expect(ownersIn(change, trace)).toEqual([...possible].sort());
        }
    });

    it("have any of those who go, where one change began before all lbs had the one before: who goes first is not seen", () => {
        const change = [
            ring(0, 0, endpoints("a", "b", "c", "d")),
            ring(1_000, 1_200, endpoints("a", "b", "c")),
            ring(1_050, 1_200, endpoints("a")),
        ];
        const between = ["a", "ab", "ac", "ad", "abc", "abd", "acd", "abcd"].map((names) => endpoints(...names));
        for (const trace of traces) {
            const possible = new Set(between.map((ring) => owner(ring, trace)));
            expect(ownersIn(change, trace)).toEqual([...possible].sort());
        }
    });

    it("may be any, where nobody was there in between", () => {
        const gone = [ring(0, 0, endpoints("a", "b")), ring(1_000, 1_200, {}), ring(1_050, 1_200, endpoints("a", "b"))];
        for (const trace of traces) expect(ownersIn(gone, trace)).toEqual(["a", "b"]);
    });

    it("are none once all have settled", () => {
        const settled = [ring(0, 0, endpoints("a", "b")), ring(900, 1_000, endpoints("a", "c", "d"))];
        const after = endpoints("a", "c", "d");
        for (const trace of traces) expect(ownersIn(settled, trace)).toEqual([owner(after, trace)]);
    });
});

describe("latency", () => {
    it("goes to the first arrival, of acknowledged spans only", () => {
        const spans = Array.from({ length: 100 }, (_, index) => sent(index, 0, 1_000));
        const first = spans.map((_, index) => arrived(index, 0, 1_100 - index));
        const again = spans.map((_, index) => arrived(index, 0, 9_000));
        const verdict = judge([...spans, sent(500, 0, 0, false)], [...first, ...again, arrived(500, 0, 9_999)], []);
        expect(verdict.latencyMs).toEqual({ p50: 50, p99: 99, max: 100 });
    });
});

describe("shares", () => {
    it("count traces, a split one where it arrived first, in natural order", () => {
        const spans = [sent(0, 0, 1), sent(0, 1, 1), sent(1, 0, 1), sent(2, 0, 1), sent(3, 0, 1)];
        const arrivals = [
            arrived(0, 0, 9, "gateway-2"),
            arrived(0, 1, 5, "gateway-10"),
            arrived(1, 0, 5, "gateway-2"),
            arrived(2, 0, 5, "gateway-10"),
            arrived(3, 0, 5, "gateway-10"),
        ];
        const { shares } = judge(spans, arrivals, [ring(0, 0, only("gateway-9"))]);
        expect(Object.entries(shares)).toEqual([
            ["gateway-2", 0.25],
            ["gateway-9", 0],
            ["gateway-10", 0.75],
        ]);
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 8])("are the oracle's, with %i gateways", (count) => {
        const run = honestRun({ seed: 0, traces: 500, spansPerTrace: 1, lbs: 1, gateways: [count] });
        const traceIds = Array.from({ length: 500 }, (_, index) => traceId(index));
        const shares = shareByRing(ringEndpoints(count), traceIds);
        const owner = ownerIn(ring(0, 0, ringEndpoints(count)));
        const owned = (name: string) => traceIds.filter((id) => owner(id) === name).length / traceIds.length;
        expect(judge(run.sent, run.arrivals, run.rings).shares).toEqual(shares);
        expect(Object.keys(shares)).toHaveLength(count);
        for (const [name, share] of Object.entries(shares)) expect(share).toBeCloseTo(owned(name), 10);
    });
});

describe("a long run", () => {
    it("takes little CPU: nothing in it grows faster than the spans do", { timeout: 60_000 }, () => {
        const run = honestRun({ seed: 0, traces: 20_000, spansPerTrace: 4, lbs: 2, gateways: [2, 3, 5, 2] });
        const before = process.cpuUsage();
        judge(run.sent, run.arrivals, run.rings);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1e6).toBeLessThan(3);
    });
});
