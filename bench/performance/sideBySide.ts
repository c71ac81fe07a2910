import { quantiles } from "../check/latency";
import { busyTraffic } from "../load/plan";
import type { Cost } from "../report/benchResult";
import { measured, thousands } from "../report/numbers";
import { costPerSpan } from "./cost";
import { flawsOf, runLoad, type Tools } from "./load";
import type { Subject } from "./subject";

/** How often and how long each subject is loaded, all in turn. */
export interface Rounds {
    spansPerSecond: number;
    rounds: number;
    seconds: number;
}

/** What a subject showed over all rounds. */
export interface Side {
    /** Of each round. */
    costs: Cost[];
    /** From sending to arrival in milliseconds, over all rounds. */
    latency: { p50: number; p99: number };
}

const warmUpSeconds = 2;
const patience = { retriesMs: 10_000, arrivalMs: 10_000 };

/**
 * Loads subjects that are all up one after another, round after round, each round beginning with another one: what the
 * machine does meanwhile hits all of them alike.
 */
export async function sideBySide<T extends Subject>(
    subjects: T[],
    { spansPerSecond, rounds, seconds }: Rounds,
    tools: Tools,
): Promise<Map<T, Side>> {
    const load = (subject: T, seconds: number) =>
        runLoad(subject, { spansPerSecond, seconds, shape: busyTraffic, patience }, tools);
    const runs = new Map(
        subjects.map((subject) => [subject, { costs: [] as Cost[], latencies: [] as Float64Array[] }]),
    );
    for (const subject of subjects) await load(subject, warmUpSeconds);
    for (let round = 0; round < rounds; round++) {
        const told: string[] = [];
        for (const subject of inTurn(subjects, round)) {
            const loaded = await load(subject, seconds);
            const cost = costPerSpan(loaded);
            const flaws = flawsOf(loaded);
            runs.get(subject)?.costs.push(cost);
            runs.get(subject)?.latencies.push(loaded.latenciesMs);
            told.push([`${subject.name} ${measured(cost.total)}`, ...flaws].join(", "));
        }
        tools.tell(
            `${thousands(spansPerSecond)} spans/s, round ${round + 1} of ${rounds}, us a span: ${told.join("; ")}`,
        );
    }
    return new Map(
        [...runs].map(([subject, { costs, latencies }]) => [
            subject,
            { costs, latency: quantiles(Float64Array.from(latencies.flatMap((some) => [...some]))) },
        ]),
    );
}

/** All of them, beginning with another one each time. */
export function inTurn<T>(all: T[], turn: number): T[] {
    const first = turn % all.length;
    return [...all.slice(first), ...all.slice(0, first)];
}
