import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../bench/report/benchResult";
import { faultRowsMissed } from "../../bench/report/faultRows";
import { missedBars } from "../../bench/report/performanceBars";
import { benchResult, faultRow, faultRows, shares } from "../support/benchFixtures";

const cost = (spansPerSecond: number, hop: number, documented: number, custody: number): BenchResult => ({
    cost: [
        {
            spansPerSecond,
            rounds: [
                {
                    hop: { total: hop, byTier: {} },
                    documented: { total: documented, byTier: {} },
                    custody: { total: custody, byTier: {} },
                },
            ],
        },
    ],
});

const memory = (peakBytes: number, over: Partial<NonNullable<BenchResult["memory"]>> = {}): BenchResult => ({
    memory: {
        spansPerSecond: 20_000,
        sentPerSecond: 19_000,
        tiers: { gateway: { peakBytes, limitBytes: 100 } },
        ...{ lost: 0, refused: 7, queued: 0, crashes: [] },
        ...over,
    },
});

const latency = (hop: number, custody: number): BenchResult => ({
    latency: [
        { spansPerSecond: 5_000, configurations: { hop: { p50: 1, p99: hop }, custody: { p50: 1, p99: custody } } },
    ],
});

describe("the bars of the bench", () => {
    it.each<[string, BenchResult]>([
        ["a run that holds", benchResult],
        ["a run that was asked for nothing", {}],
        ["cost at the bars", cost(5_000, 40, 100, 75)],
        [
            "cost below the rates that are judged",
            { cost: [...cost(4_999, 1, 1, 99).cost!, ...cost(5_000, 4, 10, 7).cost!] },
        ],
        ["throughput at the bar", { throughput: { documented: 100, custody: 125 } }],
        ["latency at the bar", latency(10, 310)],
        ["memory at its limit", memory(100)],
    ])("hold: %s", (_, result) => {
        expect(missedBars(result)).toEqual([]);
    });

    it.each<[BenchResult, string[]]>([
        [
            cost(5_000, 30, 100, 76),
            [
                "CPU a span at 5 000 spans/s, custody to hop: 2.53 times; the bar is at most 2.5 times.",
                "CPU a span at 5 000 spans/s, custody to documented: 0.76 times; the bar is at most 0.75 times.",
            ],
        ],
        [
            { throughput: { documented: 100, custody: 124 } },
            ["Lossless throughput, custody to documented: 1.24 times; the bar is at least 1.25 times."],
        ],
        [latency(10, 311), ["Added latency at 5 000 spans/s, 99th percentile: 301 ms; the bar is at most 300 ms."]],
        [
            memory(101, { lost: 3, queued: 2, crashes: ["gateway-1 ran out of memory"] }),
            [
                "Memory of the gateway at twice the sustainable load: 101.0 % of its limit; the bar is at most all of it.",
                "Lost spans at twice the sustainable load: 3; the bar is 0.",
                "Bytes left in queues after twice the sustainable load: 2; the bar is 0.",
                "Crashes at twice the sustainable load: 1; the bar is 0.",
            ],
        ],
        [
            { balance: [{ gateways: 4, shares: shares(4, 0.02) }] },
            ["Largest distance from the ring's share, 4 gateways: 2.00 %; the bar is at most 1.00 %."],
        ],
    ])("are missed by a figure that is told", (result, sentences) => {
        expect(missedBars(result)).toEqual(sentences);
    });

    it.each<[string, BenchResult, number]>([
        ["no rate that is judged", cost(600, 10, 10, 1), 1],
        [
            "no round of the documented example",
            {
                cost: [
                    {
                        spansPerSecond: 5_000,
                        rounds: [{ hop: { total: 9, byTier: {} }, custody: { total: 9, byTier: {} } }],
                    },
                ],
            },
            1,
        ],
        ["no latency", { latency: [] }, 1],
        [
            "no latency of a hop",
            { latency: [{ spansPerSecond: 1, configurations: { custody: { p50: 1, p99: 1 } } }] },
            1,
        ],
        ["no tier whose memory was read", memory(0, { tiers: {} }), 1],
        ["no balance", { balance: [] }, 1],
        ["a balance of no gateways", { balance: [{ gateways: 1, shares: {} }] }, 1],
    ])("are missed without a figure: %s", (_, result, count) => {
        expect(missedBars(result)).toHaveLength(count);
    });
});

describe("the bars of the fault lab", () => {
    it("hold where custody passed and the controls failed as they must, whatever the default did", () => {
        expect(faultRowsMissed(faultRows)).toEqual([]);
    });

    it("are told with the scenario that missed them", () => {
        const row = faultRow({ passed: false, missed: ["Lost 7 spans.", "A gateway crashed."] });
        expect(faultRowsMissed([...faultRows, row])).toEqual([
            "gateway SIGKILL (docker, dns, custody): Lost 7 spans.",
            "gateway SIGKILL (docker, dns, custody): A gateway crashed.",
        ]);
    });

    it("are missed by a row that did not pass and does not say why", () => {
        expect(faultRowsMissed([...faultRows, faultRow({ passed: false })])).toHaveLength(1);
    });

    it("are missed by a negative control that did not fail, of either profile", () => {
        for (const profile of ["custody", "default"] as const) {
            const blind = faultRow({ profile, control: true, passed: false, missed: ["0 lost"] });
            expect(faultRowsMissed([blind])).toEqual([expect.stringContaining("the lab is broken")]);
        }
    });

    it.each([
        ["nothing ran", []],
        ["no negative control ran", [faultRow()]],
        ["the only negative control was skipped", [faultRow(), faultRow({ control: true, skipped: "no time" })]],
    ])("are missed where %s", (_, rows) => {
        expect(faultRowsMissed(rows)).toEqual(["No negative control ran: nothing shows that this lab can see loss."]);
    });
});
