import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Keys, type KubernetesRun, runOnKubernetes } from "../../support/kubernetesStack";
import { runs } from "../../support/runs";
import { unhandledRejectionsOf } from "../../support/unhandledRejections";

const statefulSet = "kubernetes:apps/v1:StatefulSet";

/** The StatefulSets in the order in which they were registered, each with those that it comes after. */
const orderIn = ({ engine }: KubernetesRun) => {
    const sets = engine.byType(statefulSet);
    const nameOf = (urn: string) => sets.find((set) => set.urn === urn)?.name ?? [];
    return sets.map(({ name, dependencies }) => [name, dependencies.flatMap(nameOf).sort()]);
};

const generator = { generator: true };

describe.each(runs)("the order of the tiers in $run", ({ preview }) => {
    const order = async (keys: Keys, present: Record<string, number>) =>
        orderIn(await runOnKubernetes({ ...generator, ...keys }, { preview, present }));

    const upwards = [
        ["external-gateway", []],
        ["gateway", ["external-gateway"]],
        ["load-balancer", ["gateway"]],
        ["generator", ["load-balancer"]],
    ];

    it("is against the stream: whoever sends comes after the one that it sends to", async () => {
        expect(await order({}, {})).toEqual(upwards);
    });

    it("is the same with as many gateways as before, and with more", async () => {
        expect(await order({ gateways: 3 }, { gateway: 3 })).toEqual(upwards);
        expect(await order({ gateways: 4 }, { gateway: 3 })).toEqual(upwards);
    });

    it("is the same with a scaler, which has made more of them", async () => {
        expect(await order({ scaledBy: "platform" }, { gateway: 9 })).toEqual(upwards);
    });

    it("lets gateways go only when no lb knows them any more", async () => {
        expect(await order({ gateways: 2 }, { gateway: 3 })).toEqual([
            ["external-gateway", []],
            ["load-balancer", ["external-gateway"]],
            ["generator", ["load-balancer"]],
            ["gateway", ["external-gateway", "generator", "load-balancer"]],
        ]);
    });

    it("lets lbs go when there is nothing that comes after them, and after the gateways still", async () => {
        expect(await order({ loadBalancers: 1, generator: false }, { "load-balancer": 2 })).toEqual(
            upwards.slice(0, 3),
        );
    });

    it("lets both go, the gateways last", async () => {
        expect(await order({ gateways: 1, loadBalancers: 1 }, { gateway: 2, "load-balancer": 2 })).toEqual([
            ["external-gateway", []],
            ["generator", ["external-gateway"]],
            ["load-balancer", ["external-gateway", "generator"]],
            ["gateway", ["external-gateway", "generator", "load-balancer"]],
        ]);
    });
});

describe("an update whose rollouts take a while", () => {
    it("creates the next StatefulSet only when the one before is rolled out, and is settled after the last", async () => {
        const started: string[][] = [];
        let run: Promise<KubernetesRun> | undefined = undefined;
        const rolledOut: string[] = [];
        const rollout = async (name: string) => {
            started.push([...rolledOut, name]);
            await delay(30);
            rolledOut.push(name);
        };
        run = runOnKubernetes({}, { preview: false, rollout });
        const { cluster } = await run;
        expect(started).toEqual([
            ["external-gateway"],
            ["external-gateway", "gateway"],
            ["external-gateway", "gateway", "load-balancer"],
        ]);
        expect(cluster.waitedFor).toEqual(rolledOut);
    });

    it("stops at the first that is not rolled out: those after it are not touched", async () => {
        const rollout = (name: string) =>
            name === "gateway" ? Promise.reject(new Error("gateway-0 does not start")) : Promise.resolve();
        const waited: string[] = [];
        await unhandledRejectionsOf(async () => {
            const run = runOnKubernetes({}, { preview: false, rollout: (name) => (waited.push(name), rollout(name)) });
            await expect(run).rejects.toThrow("gateway-0 does not start");
        });
        expect(waited).toEqual(["external-gateway", "gateway"]);
    });
});
