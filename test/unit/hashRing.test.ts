import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashRing } from "../../components/collector/hashRing";
import { ringOracle } from "../support/ringOracle";

const gateways = (count: number) => Array.from({ length: count }, (_, index) => `gateway-${index + 1}:4317`);
const traceIds = Array.from({ length: 20_000 }, (_, index) => createHash("md5").update(String(index)).digest("hex"));

function countsBy(ring: (traceId: string) => string | undefined): Map<string, number> {
    const counts = new Map<string, number>();
    for (const id of traceIds) counts.set(ring(id) ?? "none", (counts.get(ring(id) ?? "none") ?? 0) + 1);
    return counts;
}

describe("the hash ring predicts the collector's", () => {
    const endpoints = ["gateway-0:4317", "gateway-1:4317", "gateway-2:4317"];

    it.each([
        ["00000000000000000000000000000001", "gateway-0:4317"],
        ["0af7651916cd43dd8448eb211c80319c", "gateway-0:4317"],
        ["4bf92f3577b34da6a3ce929d0e0e4736", "gateway-1:4317"],
        ["ffffffffffffffffffffffffffffffff", "gateway-0:4317"],
    ])("%s belongs to %s", (traceId, owner) => {
        expect(hashRing(endpoints)(traceId)).toBe(owner);
    });

    it.each([1, 3, 8, 20])("gives every trace the owner that the rules give it, with %i gateways", (count) => {
        const ring = hashRing(gateways(count));
        const oracle = ringOracle(gateways(count));
        expect(traceIds.filter((id) => ring(id) !== oracle(id))).toEqual([]);
    });

    it("gives the same owners whatever the order of the list", () => {
        const ring = hashRing(endpoints);
        const reversed = hashRing([...endpoints].reverse());
        expect(traceIds.filter((id) => ring(id) !== reversed(id))).toEqual([]);
    });

    it("hashes the port: the same hosts without it are another ring", () => {
        const withPort = hashRing(gateways(4));
        const without = hashRing(gateways(4).map((endpoint) => endpoint.replace(":4317", "")));
        const moved = traceIds.filter((id) => withPort(id)?.replace(":4317", "") !== without(id)).length;
        expect(moved / traceIds.length).toBeGreaterThan(0.5);
    });

    it("has no owner without a gateway", () => {
        expect(hashRing([])("00000000000000000000000000000001")).toBeUndefined();
    });
});

describe("the shares of the gateways", () => {
    it.each([1, 2, 3, 4, 5, 6, 7, 8])("are within 0.5 and 1.6 of the mean for %i", (count) => {
        const mean = traceIds.length / count;
        const shares = [...countsBy(hashRing(gateways(count))).values()].map((traces) => traces / mean);
        expect(shares).toHaveLength(count);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
        expect(Math.max(...shares)).toBeLessThanOrEqual(1.6);
    });
});

describe("one gateway more", () => {
    it.each([1, 2, 3, 4, 5, 6, 7])("moves a part of %i gateways' traces to the new one, and no others", (count) => {
        const before = hashRing(gateways(count));
        const after = hashRing(gateways(count + 1));
        const newcomer = gateways(count + 1).at(-1);
        const moved = traceIds.filter((id) => before(id) !== after(id));
        const betweenSurvivors = moved.filter((id) => after(id) !== newcomer);
        expect(moved.length).toBeGreaterThan(0);
        expect(moved.length / traceIds.length).toBeLessThanOrEqual(1.4 / (count + 1));
        expect(betweenSurvivors.length / traceIds.length).toBeLessThanOrEqual(1e-4);
    });
});
