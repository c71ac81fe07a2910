import { describe, expect, it } from "vitest";
import { TapLog } from "../../verify/tap";

const tapLog = () => new TapLog("http://nowhere", "run-1");

const series = (labels: Record<string, string>, value: string) =>
    `verify_calls_total{${Object.entries(labels)
        .map(([name, text]) => `${name}="${text}"`)
        .join(",")}} ${value}`;

const span = (id: string, gateway: string | undefined, value: string, run = "run-1") =>
    series(
        {
            otel_scope_name: "spanmetricsconnector",
            tiers_verify_run: run,
            tiers_verify_span: id,
            ...(gateway && { tiers_verify_gateway: gateway }),
        },
        value,
    );

const parsed = (...lines: string[]) =>
    tapLog().add(["# HELP verify_calls_total", "# TYPE verify_calls_total counter", ...lines].join("\n"));

describe("the tap", () => {
    it("is read for each span: how often, and through which gateways", () => {
        const arrivals = parsed(span("aa/1", "gateway-1", "1"), span("aa/2", "gateway-2", "1"));
        expect([...arrivals]).toEqual([
            ["aa/1", { count: 1, gateways: new Set(["gateway-1"]) }],
            ["aa/2", { count: 1, gateways: new Set(["gateway-2"]) }],
        ]);
    });

    it("adds up what one span has in several series", () => {
        const arrivals = parsed(span("aa/1", "gateway-1", "2"), span("aa/1", "gateway-3", "1"));
        expect(arrivals.get("aa/1")).toEqual({ count: 3, gateways: new Set(["gateway-1", "gateway-3"]) });
    });

    it("leaves out a series that has just begun at 0", () => {
        expect(parsed(span("aa/1", "gateway-1", "0")).size).toBe(0);
    });

    it("leaves out other runs", () => {
        expect([...parsed(span("aa/1", "gateway-1", "1", "run-2"), span("bb/1", "gateway-1", "1")).keys()]).toEqual([
            "bb/1",
        ]);
    });

    it("leaves out other metrics, and spans without a name", () => {
        expect(parsed('up{tiers_verify_span="aa/1"} 1', series({ tiers_verify_run: "run-1" }, "1")).size).toBe(0);
    });

    it("reads a count in any of Prometheus's notations", () => {
        expect(parsed(span("aa/1", "gateway-1", "1.5e+01")).get("aa/1")?.count).toBe(15);
    });

    it("does not mistake a span without a gateway for one of another gateway", () => {
        expect(parsed(span("aa/1", undefined, "1")).get("aa/1")?.gateways).toEqual(new Set(["unknown"]));
    });

    it("is empty before anything arrived", () => {
        expect(tapLog().add("").size).toBe(0);
    });

    it("remembers what the tap has forgotten, and counts what comes again after that", () => {
        const log = tapLog();
        const one =
            'verify_calls_total{tiers_verify_run="run-1",tiers_verify_span="a/1",tiers_verify_gateway="gateway-1"}';
        log.add(`${one} 1`);
        log.add(`${one} 1`);
        expect(log.add("").get("a/1")?.count).toBe(1);
        log.add(`${one} 0`);
        expect(log.add(`${one} 1`).get("a/1")?.count).toBe(2);
    });
});
