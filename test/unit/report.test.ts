import { describe, expect, it } from "vitest";
import { isWhole } from "../../commands/summary";
import { gatewaysByTrace, reportOf } from "../../verify/report";
import type { Arrivals } from "../../verify/tap";
import { Ledger } from "../../verify/traffic";

function ledgerOf(...keys: string[]): Ledger {
    const ledger = new Ledger();
    for (const key of keys) {
        const [traceId = "", spanId = ""] = key.split("/");
        ledger.acknowledged.push({ traceId, spanId, run: "run-1", endpoint: "127.0.0.1:4317", at: 0 });
    }
    return ledger;
}

const arrivalsOf = (spans: Record<string, [number, ...string[]]>): Arrivals =>
    new Map(Object.entries(spans).map(([key, [count, ...gateways]]) => [key, { count, gateways: new Set(gateways) }]));

const whole = {
    "aa/1": [1, "gateway-1"],
    "aa/2": [1, "gateway-1"],
    "bb/1": [1, "gateway-2"],
    "bb/2": [1, "gateway-2"],
} satisfies Record<string, [number, ...string[]]>;
const sent = Object.keys(whole);

describe("the report", () => {
    it("finds nothing wrong where all arrived once, each trace through one gateway", () => {
        const report = reportOf(ledgerOf(...sent), arrivalsOf(whole));
        expect(report).toEqual({
            acknowledged: 4,
            arrived: 4,
            lost: 0,
            duplicated: 0,
            split: 0,
            shares: { "gateway-1": 0.5, "gateway-2": 0.5 },
        });
        expect(isWhole(report)).toBe(true);
    });

    it("counts an acknowledged span that did not arrive as lost", () => {
        const report = reportOf(ledgerOf(...sent, "cc/1"), arrivalsOf(whole));
        expect(report).toMatchObject({ acknowledged: 5, arrived: 4, lost: 1 });
        expect(isWhole(report)).toBe(false);
    });

    it("counts everything as lost where nothing arrived", () => {
        expect(reportOf(ledgerOf(...sent), arrivalsOf({}))).toMatchObject({ arrived: 0, lost: 4, shares: {} });
    });

    it("does not let a span that nobody was promised make up for a lost one", () => {
        const arrivals = arrivalsOf({ ...whole, "cc/1": [1, "gateway-1"] });
        arrivals.delete("aa/1");
        const report = reportOf(ledgerOf(...sent), arrivals);
        expect(report).toMatchObject({ arrived: 3, lost: 1, duplicated: 0 });
    });

    it("counts each arrival beyond the first as a duplicate, and not as a further arrival", () => {
        const report = reportOf(ledgerOf(...sent), arrivalsOf({ ...whole, "aa/1": [3, "gateway-1"] }));
        expect(report).toMatchObject({ arrived: 4, lost: 0, duplicated: 2, split: 0 });
    });

    it("counts a trace whose spans went through two gateways as split, once", () => {
        const split = { ...whole, "aa/2": [1, "gateway-3"], "aa/3": [1, "gateway-2"] } as const;
        const report = reportOf(ledgerOf(...Object.keys(split)), arrivalsOf(split as never));
        expect(report.split).toBe(1);
        expect(isWhole(report)).toBe(false);
    });

    it("counts a span that went through two gateways as a split trace too", () => {
        const report = reportOf(ledgerOf(...sent), arrivalsOf({ ...whole, "bb/1": [2, "gateway-1", "gateway-2"] }));
        expect(report).toMatchObject({ duplicated: 1, split: 1 });
    });

    it("gives each gateway its part of the traces, in the order of their numbers", () => {
        const arrivals = arrivalsOf({
            "aa/1": [1, "gateway-10"],
            "bb/1": [1, "gateway-2"],
            "bb/2": [1, "gateway-2"],
            "cc/1": [1, "gateway-2"],
            "dd/1": [1, "gateway-1"],
        });
        const { shares } = reportOf(ledgerOf(), arrivals);
        expect(Object.entries(shares)).toEqual([
            ["gateway-1", 0.25],
            ["gateway-2", 0.5],
            ["gateway-10", 0.25],
        ]);
    });

    it("is not whole when nothing was acknowledged", () => {
        expect(isWhole(reportOf(ledgerOf(), arrivalsOf({})))).toBe(false);
    });

    it("knows the gateways of each trace", () => {
        expect(gatewaysByTrace(arrivalsOf({ "aa/1": [1, "gateway-1"], "aa/2": [1, "gateway-2"] }))).toEqual(
            new Map([["aa", new Set(["gateway-1", "gateway-2"])]]),
        );
    });
});
