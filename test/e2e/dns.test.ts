import { expect, test } from "vitest";
import { ringOf } from "../support/ring";
import { type TestStack, withStack } from "./stack";
import { misrouted, ring, steady, underTraffic } from "../support/traffic";

/** The gateways by the address that the dns resolver has for them. */
async function gatewayAddresses(stack: TestStack): Promise<Map<string, string>> {
    const gateways = Object.keys(await stack.containers()).filter((name) => name.startsWith("gateway-"));
    const addresses = gateways.map(async (gateway) => {
        const { NetworkSettings } = await stack.container(gateway).inspect();
        return [`${Object.values(NetworkSettings.Networks)[0]?.IPAddress}:4317`, gateway] as const;
    });
    return new Map(await Promise.all(addresses));
}

test("dns: the ring of addresses routes every trace as predicted", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3, resolver: "dns" });
        await ringOf(outputs.metrics, 3);
        const addresses = await gatewayAddresses(stack);
        const outcome = await steady(outputs, 200);
        expect(outcome).toMatchObject({ acknowledged: 800, lost: 0, duplicated: 0, split: 0 });
        expect(misrouted(outcome.arrivals, [[...addresses.keys()]], (endpoint) => addresses.get(endpoint))).toEqual([]);
        await stack.expectNoChanges();
    }));

test("dns: scaling 3 to 5 to 2 under traffic loses nothing and leaves the lbs alone", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3, loadBalancers: 2, resolver: "dns" });
        await ringOf(outputs.metrics, 3);
        const before = await stack.containers();
        const outcome = await underTraffic(outputs, async () => {
            await stack.up({ gateways: 5, loadBalancers: 2, resolver: "dns" });
            await ringOf(outputs.metrics, 5);
            await stack.up({ gateways: 2, loadBalancers: 2, resolver: "dns" });
            await ringOf(outputs.metrics, 2);
        });
        expect(outcome).toMatchObject({ lost: 0 });
        expect(outcome.acknowledged).toBeGreaterThan(500);
        expect(outcome.ledger.refused.size).toBe(0);

        const after = await stack.containers();
        for (const kept of ["load-balancer-1", "load-balancer-2", "gateway-1", "gateway-2", "external-gateway-1"]) {
            expect(after[kept], kept).toBe(before[kept]);
        }
        expect(after["gateway-3"]).toBeUndefined();
    }));

test("the resolver switches from static to dns and back under traffic, and nothing is lost", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 2, resolver: "static" });
        const outcome = await underTraffic(outputs, async () => {
            await stack.up({ gateways: 2, resolver: "dns" });
            await ringOf(outputs.metrics, 2);
            await stack.up({ gateways: 2, resolver: "static" });
            await ringOf(outputs.metrics, 2);
        });
        expect(outcome).toMatchObject({ lost: 0 });
        expect(outcome.acknowledged).toBeGreaterThan(200);
        const settled = await steady(outputs, 100);
        expect(settled).toMatchObject({ acknowledged: 400, lost: 0, duplicated: 0, split: 0 });
        expect(misrouted(settled.arrivals, [ring(2)])).toEqual([]);
    }));
