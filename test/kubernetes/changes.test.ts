import { expect, test } from "vitest";
import { kill, scale } from "../../bench/rigs/kubernetesCluster";
import { steady, underTraffic } from "../support/traffic";
import { podsOf, uidsOf } from "./cluster";
import { ringOf } from "./ring";
import { withStack } from "./stack";

const changed = { gatewayOverrides: { processors: { memory_limiter: { check_interval: "500ms" } } } };

test("availability: a change of the gateways' configuration loses and duplicates nothing, and leaves the lbs alone", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 3 });
        const lbs = await uidsOf(stack.namespace, "load-balancer");
        const gateways = await uidsOf(stack.namespace, "gateway");
        await stack.through(async (target) => {
            await ringOf(target.metrics, 3);
            const outcome = await underTraffic(target, async () => {
                await stack.up({ gateways: 3, ...changed });
                await ringOf(target.metrics, 3);
            });
            expect(outcome).toMatchObject({ lost: 0, duplicated: 0 });
            expect(outcome.acknowledged).toBeGreaterThan(1_000);
        });
        const after = await uidsOf(stack.namespace, "gateway");
        expect(Object.keys(after).filter((name) => after[name] === gateways[name])).toEqual([]);
        expect(await uidsOf(stack.namespace, "load-balancer")).toEqual(lbs);
    }));

test("affinity: a change of the gateways' configuration loses, duplicates and splits nothing", () =>
    withStack(async (stack) => {
        await stack.up({ resolver: "static", gateways: 3 });
        const gateways = await uidsOf(stack.namespace, "gateway");
        await stack.through(async (target) => {
            await ringOf(target.metrics, 3);
            const outcome = await underTraffic(target, async () => {
                await stack.up({ resolver: "static", gateways: 3, ...changed });
            });
            expect(outcome).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
            expect(outcome.acknowledged).toBeGreaterThan(1_000);
        });
        const after = await uidsOf(stack.namespace, "gateway");
        expect(Object.keys(after).filter((name) => after[name] === gateways[name])).toEqual([]);
    }));

test("a gateway and an lb are killed under traffic, and nothing is lost", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 3 });
        await stack.through(async (target) => {
            await ringOf(target.metrics, 3);
            const outcome = await underTraffic(target, async () => {
                for (const [workload, pod] of [
                    ["gateway", "gateway-1"],
                    ["load-balancer", "load-balancer-0"],
                ] as const) {
                    const before = (await podsOf(stack.namespace, workload)).get(pod)?.metadata?.uid;
                    await kill(stack.namespace, pod);
                    await stack.backFrom(pod, before);
                }
                await ringOf(target.metrics, 3);
            });
            expect(outcome).toMatchObject({ lost: 0 });
            expect(outcome.acknowledged).toBeGreaterThan(500);
        });
    }));

test("under an autoscaler, and under a scaler of one's own, up leaves the number of gateways alone", () =>
    withStack(async (stack) => {
        const { namespace } = stack;
        const gateways = async () => Object.keys(await uidsOf(namespace, "gateway")).length;
        await stack.up({ gateways: 1 });

        await stack.up({ gateways: 1, scaledBy: "platform" });
        await scale(namespace, "gateway", 2);
        await stack.expectNoChanges();
        await stack.up({ gateways: 1, scaledBy: "platform", ...changed });
        expect(await gateways()).toBe(2);

        await stack.up({ gateways: 1, scaledBy: "external", ...changed });
        await scale(namespace, "gateway", 3);
        await stack.expectNoChanges();
        expect(await gateways()).toBe(3);
        await stack.through(async (target) => {
            await ringOf(target.metrics, 3);
            expect(await steady(target, 100)).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
        });

        await stack.up({ gateways: 2, ...changed });
        expect(await gateways()).toBe(2);
        await stack.expectNoChanges();
    }));
