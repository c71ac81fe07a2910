import { expect, test } from "vitest";
import { DockerRig, type DockerRigArgs } from "../../bench/rigs/dockerRig";
import { eventually } from "../support/eventually";
import { docker } from "./stack";

async function withRig(args: DockerRigArgs, act: (rig: DockerRig) => Promise<void>): Promise<void> {
    const rig = await DockerRig.create(args);
    try {
        await act(rig);
    } finally {
        await rig.destroy();
    }
    const left = await docker.listContainers({ all: true });
    expect(left.flatMap(({ Names }) => Names).filter((name) => name.includes(rig.stackName))).toEqual([]);
}

/** Who is in the ring, once every lb has as many. */
async function settledRing(rig: DockerRig, size: number): Promise<string[]> {
    await eventually(`${size} backends in every ring`, async () => {
        const views = await rig.ringViews();
        return { done: views.length > 0 && views.every(({ backends }) => backends === size), saw: views };
    });
    return Object.values(await rig.ring()).sort();
}

test("a gateway leaves the dns ring when it is stopped or killed, and stays while it is frozen", () =>
    withRig({ resolver: "dns", settings: { gateways: 2, loadBalancers: 1 } }, async (rig) => {
        await rig.up({});
        expect(await settledRing(rig, 2)).toEqual(["gateway-1", "gateway-2"]);
        for (const end of ["stop", "kill"] as const) {
            await rig[end]("gateway-1");
            expect(Object.values(await rig.ring())).toEqual(["gateway-2"]);
            await rig.start("gateway-1");
        }
        await rig.pause("gateway-2");
        expect(await settledRing(rig, 2)).toEqual(["gateway-1", "gateway-2"]);
        await rig.resume("gateway-2");

        expect(await rig.queued()).toBe(0);
        await rig.pause("load-balancer-1");
        expect(await rig.ringViews()).toEqual([]);
        expect(await rig.queued()).toBeUndefined();
        await rig.resume("load-balancer-1");

        const { bytes = 0, limit } = (await rig.memory())["gateway-1"] ?? {};
        expect(limit).toBe(512 * 2 ** 20);
        expect(bytes).toBeGreaterThan(2 ** 20);
        expect(bytes).toBeLessThan(limit ?? 0);
        expect(await rig.crashes()).toEqual([]);
    }));

test("an update whose engine was killed half-way is brought to its end by the next one", () =>
    withRig({ resolver: "static", settings: { gateways: 2, loadBalancers: 1 } }, async (rig) => {
        await rig.up({});
        await rig.interruptedUp({ gateways: 4 }, 2_500);
        expect(await rig.replicas("gateway")).toEqual(["gateway-1", "gateway-2"]);
        await rig.up({ gateways: 4 });
        const all = ["gateway-1", "gateway-2", "gateway-3", "gateway-4"];
        expect(await rig.replicas("gateway")).toEqual(all);
        expect(await settledRing(rig, 4)).toEqual(all);
        expect(await rig.crashes()).toEqual([]);
    }));
