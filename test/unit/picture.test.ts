import { describe, expect, it } from "vitest";
import { picture } from "../../commands/picture";
import type { StackOutputs } from "../../commands/stack";

const outputs = (over: Partial<StackOutputs> = {}): StackOutputs => ({
    platform: "docker",
    location: { prefix: "otel-collector-tiers-dev" },
    resolver: "static",
    gateways: ["gateway-1", "gateway-2", "gateway-3"],
    grpc: ["127.0.0.1:4317"],
    http: ["http://127.0.0.1:4318"],
    metrics: ["http://127.0.0.1:8888/metrics"],
    tap: "http://127.0.0.1:8889/metrics",
    backends: [],
    ...over,
});

const gatewayNames = (count: number) => Array.from({ length: count }, (_, index) => `gateway-${index + 1}`);

describe("the picture of a stack", () => {
    it("shows the three tiers, and the file where telemetry ends without a backend", () => {
        expect(picture(outputs()).split("\n")).toEqual([
            "               load balancers               gateways                           backends",
            "  telemetry ─> 127.0.0.1:4317 ─ static ─┬─> gateway-1 ─┬─> external gateway ─> a local file, bounded by rotation",
            "                                        ├─> gateway-2 ─┤",
            "                                        └─> gateway-3 ─┘",
        ]);
    });

    it("shows every lb and every backend", () => {
        const text = picture(
            outputs({
                resolver: "dns",
                grpc: ["127.0.0.1:4317", "127.0.0.1:4319"],
                backends: ["https://otlp.example.com:4317", "http://jaeger:4318"],
            }),
        );
        for (const part of ["─ dns ─┬─>", "127.0.0.1:4319", "https://otlp.example.com:4317", "http://jaeger:4318"]) {
            expect(text).toContain(part);
        }
        expect(text).not.toContain("a local file");
    });

    it("shows six gateways one by one, and more of them shortened", () => {
        expect(picture(outputs({ gateways: gatewayNames(6) })).match(/gateway-\d/g)).toHaveLength(6);
        const many = picture(outputs({ gateways: gatewayNames(10) }));
        expect(many.match(/gateway-\d+|\.\.\. \d+ more/g)).toEqual([
            "gateway-1",
            "gateway-2",
            "gateway-3",
            "... 6 more",
            "gateway-10",
        ]);
    });

    it("draws one gateway without a fork", () => {
        expect(picture(outputs({ gateways: ["gateway-1"] }))).toContain(
            "127.0.0.1:4317 ─ static ───> gateway-1 ───> external gateway",
        );
    });

    it("keeps its columns under one another", () => {
        const rows = picture(outputs({ grpc: ["10.0.0.1:4317", "127.0.0.1:14317"] })).split("\n");
        const column = rows[0]?.indexOf("gateways");
        expect(rows.slice(1).map((row) => row.indexOf("gateway-"))).toEqual([column, column, column]);
    });
});
