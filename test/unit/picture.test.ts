import { describe, expect, it } from "vitest";
import { picture } from "../../commands/picture";
import { stackOutputs as outputs } from "../support/stackOutputs";

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

    it("shows the gateways of a cluster by the first part of their names", () => {
        const gateways = gatewayNames(2).map((name) => `${name}.gateway.telemetry.svc`);
        const text = picture(outputs({ gateways, grpc: ["load-balancer.telemetry.svc:4317"] }));
        expect(text.match(/gateway-\S+/g)).toEqual(["gateway-1", "gateway-2"]);
        expect(text).toContain("load-balancer.telemetry.svc:4317 ─ static ─┬─> gateway-1");
    });

    it("says who counts the gateways where nobody knows how many there are", () => {
        expect(picture(outputs({ resolver: "k8s", gateways: [] })).split("\n")[1]).toBe(
            "  telemetry ─> 127.0.0.1:4317 ─ k8s ───> as many as its scaler says ───> " +
                "external gateway ─> a local file, bounded by rotation",
        );
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
