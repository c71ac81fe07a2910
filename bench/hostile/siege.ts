import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { configsFolder, readConfig, section } from "../../components/collector/config";
import { MemoryWatch } from "../faults/memoryWatch";
import { untilDrained } from "../faults/settle";
import { startGenerator } from "../load/generator";
import { faultTraffic } from "../load/plan";
import { readArrivals, readLedger, type SentSpan, traceOf } from "../records";
import type { Clients, Rig } from "../rigs/rig";
import type { Sink } from "../sink/sink";
import type { Answer, Attack, Target } from "./attack";
import { attackOf } from "./payloads/spans";
import type { Seen } from "./verdict";

/** Good clients, all the while; 40 requests a second, so that one in a hundred can be told in seconds. */
const spansPerSecond = 400;
const mostSeconds = 900;
/** So much of good traffic goes with even the shortest attack. */
const leastMs = 3_000;
const sampleMs = 250;

/** What is attacked, and what can be known of it. */
export type Subject = Pick<Rig, "memory" | "crashes">;

export interface SiegeTools {
    signal: AbortSignal;
    tell: (text: string) => void;
}

/** What was seen of one attack before the good traffic is judged. */
export interface Watched extends Pick<Seen, "answers" | "memory" | "crashes"> {
    from: number;
    until: number;
}

export const targetOf = ({ grpc, http, access = {} }: Clients): Target => ({
    grpc: grpc[0] ?? "",
    http: http[0] ?? "",
    access,
});

/** Attacks a rig under good traffic, one turn after another. */
export async function besiege(rig: Rig, sink: Sink, turns: Attack[][], { signal, tell }: SiegeTools): Promise<Siege> {
    const folder = mkdtempSync(join(tmpdir(), "hostile-"));
    const clients = await rig.clients();
    const pace = { spansPerSecond };
    const plan = { ...clients, pace, shape: faultTraffic, seconds: mostSeconds, retries: true };
    const watched: Watched[] = [];
    try {
        const generator = startGenerator(plan, folder);
        try {
            await delay(leastMs, undefined, { signal });
            for (const turn of turns) {
                tell(turn.map(({ name }) => name).join("; "));
                watched.push(...(await watch(rig, targetOf(clients), turn, watched.length, signal)));
            }
        } finally {
            generator.stop();
            await generator.done.catch(() => undefined); // its ledger's folder goes next
        }
        const { ledger } = await generator.done;
        await untilDrained(rig, sink, { signal });
        const file = join(folder, "arrivals.bin");
        const { gateways } = await sink.save(file);
        const arrivals = readArrivals(file, gateways).map(({ key }) => key);
        return judge(watched, readLedger(ledger), arrivals);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** Does one turn to a subject. @param place of the first of its attacks among all */
export async function watch(
    subject: Subject,
    target: Target,
    turn: Attack[],
    place: number,
    signal: AbortSignal,
): Promise<Watched[]> {
    const before = await subject.crashes();
    const memory = MemoryWatch.start(subject, sampleMs);
    const from = now();
    try {
        const attacks = turn.map((attack, index) => attack.run({ target, place: place + index }));
        const answers: Answer[][] = await Promise.all(attacks);
        await delay(Math.max(0, leastMs - (now() - from)), undefined, { signal });
        const crashes = (await subject.crashes()).filter((crash) => !before.includes(crash));
        const peaks = Object.fromEntries([...memory.peaks].map(([name, use]) => [name, limited(name, use)]));
        return answers.map((one) => ({ answers: one, memory: peaks, crashes, from, until: now() }));
    } finally {
        memory.stop();
    }
}

/** The clock of the ledger. */
const now = () => performance.timeOrigin + performance.now();

/** With the limit of its memory_limiter in the place of the container's own. */
function limited(replica: string, { bytes, limit }: { bytes: number; limit: number }) {
    const tier = replica.replace(/-\d+$/, "");
    return { bytes, limit: (limit * limitPercentage(tier)) / 100 };
}

const limitPercentages = new Map<string, number>();

function limitPercentage(tier: string): number {
    const known = limitPercentages.get(tier);
    if (known !== undefined) return known;
    const { limit_percentage } = section(
        readConfig(join(configsFolder, `${tier}.yaml`)),
        "processors",
        "memory_limiter",
    );
    limitPercentages.set(tier, Number(limit_percentage));
    return Number(limit_percentage);
}

/** A whole siege, when everything has arrived. */
export interface Siege {
    /** Of each attack, in order. */
    seen: Seen[];
    /** Of good clients from the first span to the last. */
    good: Seen["good"];
    /** Arrivals that are neither theirs nor an attack's. */
    strangers: number;
}

/** The id of a span that came without one. */
const none = /^0+$/;

/** What became of the good traffic and of the attacks' own spans. @param arrivals their keys */
export function judge(watched: Watched[], ledger: SentSpan[], arrivals: string[]): Siege {
    const arrived = new Set(arrivals);
    const known = new Set(ledger.map(({ key }) => key));
    const ofAttacks = arrivals.map((key) => attackOf(traceOf(key)));
    const goodOf = (spans: SentSpan[]) => {
        const acknowledged = spans.filter(({ acknowledgedAt }) => acknowledgedAt > 0);
        const lost = acknowledged.filter(({ key }) => !arrived.has(key)).length;
        return { sent: spans.length, acknowledged: acknowledged.length, lost };
    };
    const seen = watched.map(({ from, until, ...rest }, place): Seen => {
        const meanwhile = ledger.filter(({ sentAt }) => sentAt >= from && sentAt <= until);
        return { ...rest, good: goodOf(meanwhile), arrived: ofAttacks.filter((one) => one === place).length };
    });
    const strangers = arrivals.filter(
        (key, index) => ofAttacks[index] === undefined && !known.has(key) && !none.test(key),
    ).length;
    return { seen, good: goodOf(ledger), strangers };
}
