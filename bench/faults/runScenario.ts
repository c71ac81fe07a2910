import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Resolver } from "../../components";
import { judge } from "../check/judge";
import type { Verdict } from "../check/verdict";
import { startGenerator } from "../load/generator";
import { busyTraffic, faultTraffic, type LoadPlan } from "../load/plan";
import { readArrivals, readLedger } from "../records";
import type { FaultRow } from "../report/row";
import type { Rig } from "../rigs/rig";
import type { Sink } from "../sink/sink";
import { MemoryWatch } from "./memoryWatch";
import { blind, missedBars, type Observed } from "./missed";
import { perform, told } from "./perform";
import { RingWatch } from "./ringWatch";
import type { Scenario } from "./scenario";
import { quietMs, untilDrained, untilWhole } from "./settle";

const steadyMs = 5_000;
const mostSeconds = 900;
/** Of what a control lost it is soon clear that it does not come. */
const controlDrainMs = 20_000;
const calibrationSeconds = 8;

export interface ScenarioTools {
    rig: Rig;
    sink: Sink;
    signal: AbortSignal;
    tell: (text: string) => void;
}

/** Does a scenario to a rig that is whole, and judges what became of every span. */
export async function runScenario(scenario: Scenario, tools: ScenarioTools): Promise<FaultRow> {
    const { rig, signal } = tools;
    const started = Date.now();
    const folder = mkdtempSync(join(tmpdir(), "faults-"));
    try {
        if (scenario.control !== "splits") await untilWhole(rig, signal); // its rings are to differ
        const { verdict, observed } = await observe(scenario, tools, folder);
        const bars = scenario.bars({ platform: rig.platform, affinity: rig.resolver === Resolver.static });
        const missed = scenario.control
            ? blind(scenario.control, verdict)
            : missedBars(bars, verdict, observed, scenario);
        const seconds = (Date.now() - started) / 1_000;
        const { refused } = observed;
        return { ...rowOf(scenario, rig), ...verdict, refused, seconds, missed, passed: missed.length === 0 };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

async function observe(
    scenario: Scenario,
    tools: ScenarioTools,
    folder: string,
): Promise<{ verdict: Verdict; observed: Observed }> {
    const { rig, sink, signal } = tools;
    const pace = await paceOf(scenario, rig, sink, folder);
    await sink.forget();
    const before = await rig.crashes();
    const gateways = (await rig.replicas("gateway")).length;
    const ring = await RingWatch.start(rig);
    const memory = MemoryWatch.start(rig);
    try {
        const { ledger, refused } = await trafficDuring(scenario, pace, ring, tools, folder);
        const queued = await untilDrained(rig, sink, {
            deadlineMs: scenario.control && controlDrainMs,
            quietMs: quietMs[rig.profile],
            signal,
        });
        const rings = await ring.stop();
        const arrivals = join(folder, "arrivals.bin");
        const { gateways: names } = await sink.save(arrivals);
        const observed = {
            refused: Object.values(refused).reduce((sum, count) => sum + count, 0),
            queued,
            crashes: (await rig.crashes()).filter((crash) => !before.includes(crash)),
            overMemory: memory.stop(),
            away: gateways - Math.min(...rings.map(({ endpoints }) => Object.keys(endpoints).length)),
        };
        return { verdict: judge(readLedger(ledger), readArrivals(arrivals, names), rings), observed };
    } finally {
        await ring.stop();
        memory.stop();
    }
}

async function trafficDuring(
    { steps, traffic, seconds }: Scenario,
    pace: LoadPlan["pace"],
    ring: RingWatch,
    { rig, sink, signal, tell }: ScenarioTools,
    folder: string,
) {
    const shape = traffic?.shape ?? faultTraffic;
    const plan = { ...(await rig.clients()), pace, shape, seconds: mostSeconds, run: "faults", retries: true };
    const generator = startGenerator(plan, folder);
    const ends = Date.now() + seconds * 1_000;
    try {
        await delay(steadyMs, undefined, { signal });
        for (const step of steps) {
            tell(told(step));
            await perform(step, { rig, sink, ring, signal });
        }
        await delay(Math.max(steadyMs, ends - Date.now()), undefined, { signal });
    } finally {
        generator.stop();
        await generator.done.catch(() => undefined); // its ledger's folder goes next
    }
    return generator.done;
}

export function rowOf(
    { name, control }: Scenario,
    { platform, resolver, profile }: Pick<Rig, "platform" | "resolver" | "profile">,
) {
    return { scenario: name, platform, resolver, profile, control: control !== undefined };
}

/** What arrives while as much is sent as goes in is what the rig sustains. */
async function paceOf(scenario: Scenario, rig: Rig, sink: Sink, folder: string): Promise<LoadPlan["pace"]> {
    const { pace = { spansPerSecond: 200 } } = scenario.traffic ?? {};
    if (pace !== "twice the sustainable load") return pace;
    const closed = { pace: { requestsUnderWay: 16 }, shape: busyTraffic, seconds: calibrationSeconds, retries: true };
    const before = await sink.count();
    await startGenerator({ ...(await rig.clients()), ...closed }, folder).done;
    const arrived = (await sink.count()) - before;
    await untilDrained(rig, sink);
    return { spansPerSecond: Math.ceil((2 * arrived) / calibrationSeconds) };
}
