import { expect, test } from "vitest";
import { ringSizes } from "../../verify/ring";
import { withStack } from "./stack";
import { misrouted, ring, steady, underTraffic } from "../support/traffic";

test("static: up, verify as the ring predicts, no-op, and a refresh finds no drift", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3 });
        expect(await ringSizes(outputs.metrics)).toEqual([3]);

        const outcome = await steady(outputs, 300);
        expect(outcome).toMatchObject({ acknowledged: 1_200, arrived: 1_200, lost: 0, duplicated: 0, split: 0 });
        expect(Object.keys(outcome.shares)).toEqual(["gateway-1", "gateway-2", "gateway-3"]);
        expect(misrouted(outcome.arrivals, [ring(3)])).toEqual([]);

        await stack.expectNoChanges();
        await stack.expectNoChanges({ refresh: true });
    }));

test("static: scaling 3 to 5 to 2 under traffic loses nothing, and splits only what the rings of the time explain", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3 });
        const outcome = await underTraffic(outputs, async () => {
            await stack.up({ gateways: 5 });
            expect(await ringSizes(outputs.metrics)).toEqual([5]);
            await stack.up({ gateways: 2 });
            expect(await ringSizes(outputs.metrics)).toEqual([2]);
        });
        expect(outcome).toMatchObject({ lost: 0 });
        expect(outcome.acknowledged).toBeGreaterThan(500);
        expect(misrouted(outcome.arrivals, [ring(3), ring(5), ring(2)])).toEqual([]);
        expect(Object.keys(await stack.containers()).filter((name) => name.startsWith("gateway"))).toHaveLength(2);
    }));

test("static: a change of the gateways' configuration rolls them one by one; nothing is lost, duplicated or split", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3 });
        const before = await stack.containers();
        const outcome = await underTraffic(outputs, async () => {
            await stack.up({
                gateways: 3,
                gatewayOverrides: { processors: { memory_limiter: { check_interval: "500ms" } } },
            });
        });
        expect(outcome).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
        expect(outcome.acknowledged).toBeGreaterThan(500);

        const after = await stack.containers();
        const replaced = Object.keys(after).filter((name) => after[name] !== before[name]);
        expect(replaced.sort()).toEqual(["gateway-1", "gateway-2", "gateway-3"]);
    }));
