import { InvalidInput } from "../../components/errors";
import {
    type Alternative,
    type BenchResult,
    type Configuration,
    configurations,
    type CostAtRate,
    type LatencyAtRate,
} from "../report/benchResult";
import { thousands } from "../report/numbers";
import { bridgeAddress } from "../rigs/bridge";
import { startSink } from "../sink/sink";
import { topics } from "./alternatives";
import { balanceOf } from "./balance";
import { custody, type CustodySubject, unencrypted } from "./custodySubject";
import type { Extent, Part } from "./extent";
import type { Tools } from "./load";
import { memoryUnderOverload } from "./memory";
import { documented, plainHop } from "./plainSubject";
import { type Side, sideBySide } from "./sideBySide";
import { inOrder, type Step } from "./steps";
import { type Subject, withAll } from "./subject";
import { highestRates } from "./throughput";
import { weighed } from "./tuning";

/** Told each time that there is more of it. */
type Keep = (result: BenchResult) => void;

/** Measures what it is asked for, and leaves nothing behind, also when it fails or is aborted. */
export async function runBench(
    extent: Extent,
    { tell, signal, keep }: Omit<Tools, "sink"> & { keep: Keep },
): Promise<BenchResult> {
    const result: BenchResult = {};
    const add = (more: BenchResult) => keep(Object.assign(result, more));
    const sink = await startSink(await bridgeAddress());
    try {
        const tools = { sink, tell, signal };
        if (extent.parts.some((part) => part !== "tuning")) {
            tell("bringing up hop, documented, custody and custody unencrypted");
            const { grpc } = sink.endpoint;
            const plain = grpc.replace("http://", "");
            const four = [
                () => plainHop(plain),
                () => documented(plain),
                () => custody(grpc),
                () => unencrypted(grpc),
            ] as const;
            await withAll(four, signal, (all) => inOrder(compared(extent, all, tools, add), tell));
        }
        if (extent.parts.includes("tuning")) await inOrder(tuned(extent, tools, add), tell);
    } finally {
        await sink.close();
    }
    return result;
}

/** All that is measured on those that are up side by side. */
function compared(
    { parts, rounds, gateways }: Extent,
    [hop, documented, custody, unencrypted]: readonly [Subject, Subject, CustodySubject, Subject],
    tools: Tools,
    add: Keep,
): Step[] {
    const wants = (...some: Part[]) => some.some((part) => parts.includes(part));
    let sustained: number | undefined;
    const cost: CostAtRate[] = [];
    const latency: LatencyAtRate[] = [];
    const turns = rounds.map((round): Step => ({
        name: `cost and latency at ${thousands(round.spansPerSecond)} spans/s`,
        run: async () => {
            const sides = await sideBySide([hop, documented, custody, unencrypted], round, tools);
            const { spansPerSecond } = round;
            const named = {
                hop: sides.get(hop),
                documented: sides.get(documented),
                custody: sides.get(custody),
                unencrypted: sides.get(unencrypted),
            };
            cost.push({ spansPerSecond, rounds: roundsOf(named) });
            latency.push({ spansPerSecond, configurations: latenciesOf(named) });
            add({ ...(wants("cost") && { cost }), ...(wants("latency") && { latency }) });
        },
    }));
    const throughput: Step = {
        name: "throughput",
        run: async () => {
            const searched = wants("throughput") ? [documented, custody] : [custody];
            const rates = await highestRates(searched, tools);
            sustained = rates.get(custody) ?? 0;
            if (wants("throughput"))
                add({ throughput: { documented: rates.get(documented) ?? 0, custody: sustained } });
        },
    };
    const memory: Step = {
        name: "memory at twice the sustainable load",
        run: async () => {
            if (!sustained) throw new InvalidInput("custody sustains no rate, so there is no twice of it");
            add({ memory: await memoryUnderOverload(custody, 2 * sustained, tools) });
        },
    };
    const balance: Step = {
        name: "balance",
        run: async () => add({ balance: await balanceOf(custody, gateways, tools) }),
    };
    return [
        ...(wants("cost", "latency") ? turns : []),
        ...(wants("throughput", "memory") ? [throughput] : []),
        ...(wants("memory") ? [memory] : []),
        ...(wants("balance") ? [balance] : []),
    ];
}

/** What could have been chosen, topic after topic. */
function tuned({ tuning: rounds }: Extent, tools: Tools, add: Keep): Step[] {
    const tuning: Alternative[] = [];
    return topics.map((topic) => ({
        name: `tuning: ${topic}`,
        run: async () => {
            tuning.push(...(await weighed(topic, rounds, tools)));
            add({ tuning });
        },
    }));
}

type Sides = Record<Configuration, Side | undefined>;

function roundsOf(sides: Sides): CostAtRate["rounds"] {
    return (sides.custody?.costs ?? []).map((_, round) => ofEach(sides, ({ costs }) => costs[round]));
}

const latenciesOf = (sides: Sides): LatencyAtRate["configurations"] => ofEach(sides, ({ latency }) => latency);

function ofEach<T>(sides: Sides, figure: (side: Side) => T): Partial<Record<Configuration, T>> {
    return Object.fromEntries(configurations.flatMap((one) => (sides[one] ? [[one, figure(sides[one])]] : [])));
}
