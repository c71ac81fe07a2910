import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { durableFolder } from "../../components/collector/volume";
import { newSpanId, newTraceId } from "../../verify/span";
import { TapLog } from "../../verify/tap";
import { sendersTo } from "../../verify/verify";
import { eventually } from "../support/eventually";
import { docker, type TestStack, withStack } from "./stack";
import { shown, steady, underTraffic } from "../support/traffic";
import { reportOf } from "../../verify/report";
import { sendTraffic } from "../../verify/traffic";

const gatewaysOf = async (stack: TestStack) =>
    Object.keys(await stack.containers()).filter((name) => name.startsWith("gateway-"));

/** What is sent now stays in the queues of the lbs. */
async function stopGateways(stack: TestStack): Promise<string[]> {
    const gateways = await gatewaysOf(stack);
    await Promise.all(gateways.map((name) => stack.container(name).stop()));
    return gateways;
}

/** The same, with gateways that still count as running. */
async function pauseGateways(stack: TestStack, paused: boolean): Promise<void> {
    const containers = (await gatewaysOf(stack)).map((name) => stack.container(name));
    await Promise.all(containers.map((container) => (paused ? container.pause() : container.unpause())));
}

const plan = { run: "queued", traces: 50, spansPerTrace: 4, tracesPerSecond: 50, spanIntervalMs: 20 };

test("an lb that is killed with acknowledged spans in its queue delivers them when it is back", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 2 });
        const gateways = await stopGateways(stack);
        const ledger = await sendTraffic(plan, sendersTo(outputs));
        await stack.container("load-balancer-1").kill();
        await Promise.all(gateways.map((name) => stack.container(name).start()));
        expect((await new TapLog(outputs.tap, plan.run).read()).size).toBe(0);

        await stack.container("load-balancer-1").start();
        await eventually("delivery of the queue", async () => {
            const report = reportOf(ledger, await new TapLog(outputs.tap, plan.run).read());
            return { done: report.arrived === 200, saw: report };
        });
    }));

test("the queue of an lb that is scaled in stays on its volume, and its successor delivers it", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 2, loadBalancers: 2 });
        await pauseGateways(stack, true);
        const ledger = await sendTraffic(
            plan,
            sendersTo({ ...outputs, grpc: outputs.grpc.slice(1), http: outputs.http.slice(1) }),
        );
        await stack.up({ gateways: 2, loadBalancers: 1 });
        await pauseGateways(stack, false);
        await stack.up({ gateways: 2, loadBalancers: 2 });
        await eventually("delivery of the queue", async () => {
            const report = reportOf(ledger, await new TapLog(outputs.tap, plan.run).read());
            return { done: report.arrived === 200, saw: report };
        });
    }));

test("a gateway that is killed under traffic comes back, and nothing is lost, duplicated or split", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3 });
        const outcome = await underTraffic(outputs, async () => {
            await delay(3_000);
            await stack.container("gateway-2").kill();
            await delay(3_000);
            await stack.container("gateway-2").start();
            await delay(3_000);
        });
        expect(outcome).toMatchObject({ lost: 0, split: 0 });
    }));

test("negative control: spans whose queue is thrown away are reported lost", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 1 });
        await stopGateways(stack);
        const ledger = await sendTraffic(plan, sendersTo(outputs));
        const lb = stack.container("load-balancer-1");
        const { Mounts } = await lb.inspect();
        const queue = Mounts.find(({ Destination }) => Destination === durableFolder);
        await lb.remove({ force: true });
        await docker.getVolume(queue?.Name ?? "").remove();
        await stack.container("gateway-1").start();
        await stack.recover({ gateways: 1 });
        const later = await steady(outputs, 20);
        expect(later, shown(later)).toMatchObject({ lost: 0 });
        expect(reportOf(ledger, await new TapLog(outputs.tap, plan.run).read())).toMatchObject({
            acknowledged: 200,
            lost: 200,
        });
    }));

test("negative control: traces that are not routed by their id are reported split", () =>
    withStack(async (stack) => {
        const configuration = { gateways: 3, routingKey: "attributes", routingAttributes: ["tiers.verify.span"] };
        const outcome = await steady(await stack.up(configuration), 50);
        expect(outcome).toMatchObject({ acknowledged: 200, lost: 0 });
        expect(outcome.split).toBeGreaterThan(10);
    }));

test("negative control: a span that is sent twice is reported duplicated", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 1 });
        const span = { traceId: newTraceId(), spanId: newSpanId(), run: "twice" };
        const [sender] = sendersTo(outputs);
        await sender?.send([span]);
        await sender?.send([span]);
        await eventually("second arrival", async () => {
            const arrivals = await new TapLog(outputs.tap, "twice").read();
            const saw = [...arrivals.values()].map(({ count }) => count);
            return { done: saw[0] === 2, saw };
        });
    }));
