import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { join as joined } from "../check/join";
import { judge } from "../check/judge";
import { latenciesOf } from "../check/latency";
import type { RingSpell, Verdict } from "../check/verdict";
import { type Generator, startGenerator } from "../load/generator";
import type { LoadProgress, TrafficShape } from "../load/plan";
import { type Arrival, readArrivals, readLedger, type SentSpan } from "../records";
import type { Sink } from "../sink/sink";
import { clientsOf, type Subject } from "./subject";

/** What every part of the bench has at hand. */
export interface Tools {
    sink: Sink;
    /** A line for the person who waits. */
    tell: (text: string) => void;
    /** Aborted by Ctrl-C: what is under way ends early, and everything is removed. */
    signal: AbortSignal;
}

/** A load at a rate, whatever the answers; what is refused is sent again. */
export interface Load {
    spansPerSecond: number;
    seconds: number;
    shape: TrafficShape;
    /** See `LoadPlan`. */
    run?: string;
    /** After the load: how long refused requests may still be sent again, and how long the last span may take to arrive. */
    patience: { retriesMs: number; arrivalMs: number };
}

/** What became of a load. */
export interface Loaded {
    verdict: Verdict;
    /** Spans that arrived, each counted once. */
    arrived: number;
    /** Requests that were refused; each was sent again. */
    refused: number;
    /** Requests that were due while too many were under way. */
    heldBack: number;
    /** Requests that were never acknowledged, however often they were sent. */
    givenUp: number;
    /** When the first span was sent, and when the last arrived for the first time: milliseconds since 1970. */
    firstSentAt: number;
    lastArrivedAt: number;
    /** CPU seconds that each collector took for it, and the generator. */
    cpuSeconds: Record<string, number>;
    generatorCpuSeconds: number;
    /** Of all spans that were acknowledged and arrived. */
    latenciesMs: Float64Array;
    sent: SentSpan[];
}

/** Starting a process takes a second or two. */
const startMs = 5_000;
const pollMs = 100;

/** Sends a load through a subject that is idle. @param rings for gateways that stamp: what ring the lb has */
export async function runLoad(
    subject: Subject,
    { patience, spansPerSecond, ...load }: Load,
    { sink, signal }: Tools,
    rings: RingSpell[] = [],
): Promise<Loaded> {
    signal.throwIfAborted();
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    try {
        await sink.forget();
        const plan = { ...load, ...(await clientsOf(subject)), pace: { spansPerSecond }, retries: true };
        const before = await subject.cpuSeconds();
        const generator = startGenerator(plan, folder);
        const ended = await endOf(generator, startMs + 1_000 * load.seconds + patience.retriesMs, signal);
        await untilArrived(sink, ended.acknowledged, patience.arrivalMs, signal);
        const after = await subject.cpuSeconds();
        const file = join(folder, "arrivals.bin");
        const { gateways } = await sink.save(file);
        return {
            ...account(readLedger(ended.ledger), readArrivals(file, gateways), rings),
            refused: Object.values(ended.refused).reduce((sum, count) => sum + count, 0),
            heldBack: ended.heldBack,
            givenUp: ended.givenUp,
            generatorCpuSeconds: ended.cpuSeconds,
            cpuSeconds: differences(before, after),
        };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

async function endOf(
    generator: Generator,
    withinMs: number,
    signal: AbortSignal,
): Promise<LoadProgress & { ledger: string }> {
    const stop = () => generator.stop();
    const timer = setTimeout(stop, withinMs);
    signal.addEventListener("abort", stop);
    try {
        return await generator.done;
    } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        signal.throwIfAborted();
    }
}

/** Until as much has arrived as was acknowledged and nothing follows; or until the time is up. */
async function untilArrived(sink: Sink, count: number, withinMs: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (let last = -1, now = await sink.count(); Date.now() < deadline; last = now, now = await sink.count()) {
        if (now >= count && now === last) return;
        await delay(pollMs, undefined, { signal });
    }
}

function account(sent: SentSpan[], arrivals: Arrival[], rings: RingSpell[]) {
    const verdict = judge(sent, arrivals, rings);
    const there = joined(sent, arrivals).spans.filter(({ firstArrivedAt }) => firstArrivedAt < Infinity);
    return {
        verdict,
        arrived: there.length,
        firstSentAt: sent.reduce((first, { sentAt }) => Math.min(first, sentAt), Infinity),
        lastArrivedAt: there.reduce((last, { firstArrivedAt }) => Math.max(last, firstArrivedAt), -Infinity),
        latenciesMs: latenciesOf(there),
        sent,
    };
}

function differences(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
    return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** What a load should not have met, in words; empty where all is well. */
export function flawsOf({
    verdict,
    refused,
    heldBack,
    givenUp,
}: Pick<Loaded, "verdict" | "refused" | "heldBack" | "givenUp">): string[] {
    const { lost, duplicated, invented } = verdict;
    const counts: [number, string][] = [
        [lost, "spans lost"],
        [duplicated, "spans duplicated"],
        [invented, "spans invented"],
        [refused, "requests refused"],
        [heldBack, "requests held back"],
        [givenUp, "requests never acknowledged"],
    ];
    return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
