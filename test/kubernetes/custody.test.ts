import { expect, test } from "vitest";
import { kill, scale, testCluster } from "../../bench/rigs/kubernetesCluster";
import { reportOf } from "../../verify/report";
import { TapLog } from "../../verify/tap";
import { type Ledger, sendTraffic } from "../../verify/traffic";
import { sendersTo } from "../../verify/verify";
import { eventually } from "../support/eventually";
import { steady, underTraffic } from "../support/traffic";
import { ringOf } from "./ring";
import { type KubernetesStack, withStack } from "./stack";

const plan = { traces: 50, spansPerTrace: 4, tracesPerSecond: 50, spanIntervalMs: 20 };

/** The test itself says how many gateways there are. */
const counted = { gateways: 1, scaledBy: "external" };

/** What becomes of what the lbs acknowledged while there was no gateway, if something happens to them before there is one. */
async function withoutGateways(stack: KubernetesStack, run: string, meanwhile: () => Promise<void>): Promise<Ledger> {
    await scale(stack.namespace, "gateway", 0);
    return stack.through(async (target) => {
        await ringOf(target.metrics, 0);
        const senders = sendersTo(target);
        const ledger = await sendTraffic({ run, ...plan }, senders);
        for (const sender of senders) sender.close();
        expect(ledger.acknowledged).toHaveLength(200);
        await meanwhile();
        await scale(stack.namespace, "gateway", 1);
        return ledger;
    });
}

/** Waits for all of it, up to a deadline, and says how much is missing then. */
async function missing(stack: KubernetesStack, run: string, ledger: Ledger, deadlineMs = 45_000): Promise<number> {
    return stack.through(async (target) => {
        await ringOf(target.metrics, 1);
        const tap = new TapLog(target.tap, run);
        let lost = ledger.acknowledged.length;
        const all = eventually(
            "arrival of all that was acknowledged",
            async () => {
                ({ lost } = reportOf(ledger, await tap.read()));
                return { done: lost === 0, saw: { lost } };
            },
            deadlineMs,
        );
        await all.catch(() => undefined);
        return lost;
    });
}

async function claimsIn(namespace: string): Promise<(string | undefined)[]> {
    const { core } = await testCluster();
    const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace });
    return items.map(({ metadata }) => metadata?.name);
}

test.each([
    { what: "on its volume survives the lbs' pods", storageClass: "", claims: 3, lost: 0 },
    {
        what: "of ephemeral storage is lost with them, as this test sees",
        storageClass: "ephemeral",
        claims: 0,
        lost: 200,
    },
])("a queue $what", ({ storageClass, claims, lost }) =>
    withStack(async (stack) => {
        await stack.up({ ...counted, storageClass });
        expect(await claimsIn(stack.namespace)).toHaveLength(claims);
        const run = `queue-${storageClass}`;
        const ledger = await withoutGateways(stack, run, async () => {
            for (const lb of ["load-balancer-0", "load-balancer-1"]) await kill(stack.namespace, lb);
        });
        expect(await missing(stack, run, ledger)).toBe(lost);
    }),
);

test("the queue of an lb that is scaled in stays on its volume, and is delivered when the lb is back", () =>
    withStack(async (stack) => {
        await stack.up(counted);
        const ledger = await withoutGateways(stack, "parked", async () => {
            await stack.up({ ...counted, loadBalancers: 1 });
        });
        expect(await claimsIn(stack.namespace)).toContain("queue-load-balancer-1");
        expect(await missing(stack, "parked", ledger, 10_000), "nothing was parked").toBeGreaterThan(0);
        await stack.up({ ...counted, loadBalancers: 2 });
        expect(await missing(stack, "parked", ledger)).toBe(0);
    }));

test("lbs are scaled in and out under traffic: each drains before it goes, and nothing is lost", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 2, loadBalancers: 3 });
        await stack.through(async (target) => {
            const outcome = await underTraffic(target, async () => {
                await stack.up({ gateways: 2, loadBalancers: 1 });
                await stack.up({ gateways: 2, loadBalancers: 2 });
            });
            expect(outcome).toMatchObject({ lost: 0, split: 0 });
            expect(outcome.acknowledged).toBeGreaterThan(500);
            expect(await steady(target, 50)).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
        });
    }));
