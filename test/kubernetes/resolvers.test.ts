import { describe, expect, test } from "vitest";
import { misrouted, steady, underTraffic } from "../support/traffic";
import { gatewayAddresses, uidsOf } from "./cluster";
import { ringOf, splitOutside, timed, type Window } from "./ring";
import { type KubernetesStack, withStack } from "./stack";

const names = (gateways: number, namespace: string) =>
    Array.from({ length: gateways }, (_, index) => `gateway-${index}.gateway.${namespace}.svc:4317`);

/** The ring that every lb should have now, and the gateway behind each of its endpoints. */
async function ringNow(stack: KubernetesStack, resolver: string, gateways: number) {
    if (resolver !== "static") {
        const addresses = await gatewayAddresses(stack.namespace);
        return { endpoints: [...addresses.keys()], nameOf: (endpoint: string) => addresses.get(endpoint) };
    }
    return { endpoints: names(gateways, stack.namespace), nameOf: (endpoint: string) => endpoint.split(".")[0] };
}

describe.each(["k8s", "dns", "static"])("%s", (resolver) => {
    test("every trace goes where the ring says; a second up does nothing; scaling 3 to 5 to 2 loses and misroutes nothing", () =>
        withStack(async (stack) => {
            await stack.up({ resolver, gateways: 3 });
            await stack.through(async (target) => {
                await ringOf(target.metrics, 3);
                const { endpoints, nameOf } = await ringNow(stack, resolver, 3);
                const still = await steady(target, 200);
                expect(still).toMatchObject({ acknowledged: 800, lost: 0, duplicated: 0, split: 0 });
                expect(Object.keys(still.shares)).toEqual(["gateway-0", "gateway-1", "gateway-2"]);
                expect(misrouted(still.arrivals, [endpoints], nameOf)).toEqual([]);
                await stack.expectNoChanges();
                await stack.expectNoChanges({ refresh: true });

                const windows: Window[] = [];
                const scaled = await underTraffic(target, async () => {
                    for (const gateways of [5, 2]) {
                        windows.push(
                            await timed(async () => {
                                await stack.up({ resolver, gateways });
                                await ringOf(target.metrics, gateways);
                            }),
                        );
                    }
                });
                expect(scaled).toMatchObject({ lost: 0 });
                expect(scaled.acknowledged).toBeGreaterThan(1_000);
                expect(scaled.ledger.givenUp).toBe(0);
                expect(splitOutside(scaled, windows)).toEqual([]);
                expect(splitOutside(scaled, [])).toHaveLength(scaled.split);
                expect(scaled.split, "without any split this test has seen no change of the ring").toBeGreaterThan(0);
                expect(await steady(target, 100)).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
            });
            expect(Object.keys(await uidsOf(stack.namespace, "gateway"))).toEqual(["gateway-0", "gateway-1"]);
        }));
});

test("the resolver switches from k8s to dns to static under traffic; nothing is lost, and no gateway is touched", () =>
    withStack(async (stack) => {
        await stack.up({ resolver: "k8s", gateways: 3 });
        const before = await uidsOf(stack.namespace, "gateway");
        await stack.through(async (target) => {
            await ringOf(target.metrics, 3);
            const outcome = await underTraffic(target, async () => {
                for (const resolver of ["dns", "static"]) {
                    await stack.up({ resolver, gateways: 3 });
                    await ringOf(target.metrics, 3);
                }
            });
            expect(outcome).toMatchObject({ lost: 0 });
            expect(outcome.acknowledged).toBeGreaterThan(1_000);
            const settled = await steady(target, 100);
            expect(settled).toMatchObject({ acknowledged: 400, lost: 0, duplicated: 0, split: 0 });
            expect(misrouted(settled.arrivals, [names(3, stack.namespace)], (one) => one.split(".")[0])).toEqual([]);
        });
        expect(await uidsOf(stack.namespace, "gateway")).toEqual(before);
    }));
