import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Access } from "./access";
import { grpcSender, httpSender, type OtlpSender } from "./otlp";
import { type Report, reportOf } from "./report";
import { spanKey } from "./span";
import { type Arrivals, TapLog } from "./tap";
import { type Ledger, sendTraffic, type TrafficPlan } from "./traffic";

/** Where a running stack takes telemetry in, and where it shows what arrived. */
export interface Target {
    grpc: string[];
    http: string[];
    tap: string;
    /** What it asks of clients; absent: nothing. */
    access?: Access;
}

const pollMs = 250;
/** How long nothing more may arrive before the rest is given up, where nothing changes meanwhile. */
const steadyPatienceMs = 30_000;
/** Well within the two minutes that the tap remembers. */
const rememberMs = 20_000;

/** Sends traces through a running stack and says what became of them. */
export async function verifyStack(target: Target, traces: number): Promise<Report> {
    const plan = { run: randomUUID(), traces, spansPerTrace: 4, tracesPerSecond: 400, spanIntervalMs: 20 };
    const { ledger, arrivals } = await sendAndCollect(target, plan);
    return reportOf(ledger, arrivals);
}

/**
 * Sends a plan's traces and waits until all that was acknowledged has arrived, or nothing arrives any more.
 * @param stop ends the sending early
 */
export async function sendAndCollect(
    target: Target,
    plan: TrafficPlan & { run: string },
    { stop, patienceMs = steadyPatienceMs }: { stop?: AbortSignal; patienceMs?: number } = {},
): Promise<{ ledger: Ledger; arrivals: Arrivals }> {
    const senders = sendersTo(target);
    const tap = new TapLog(target.tap, plan.run);
    const remembering = setInterval(() => void tap.read().catch(() => undefined), rememberMs); // a tap that is away is read again
    try {
        const ledger = await sendTraffic(plan, senders, stop);
        return { ledger, arrivals: await collect(tap, ledger, patienceMs) };
    } finally {
        clearInterval(remembering);
        for (const sender of senders) sender.close();
    }
}

/** Both protocols of every lb, in turn. */
export function sendersTo({ grpc, http, access }: Target): OtlpSender[] {
    return [
        ...grpc.map((endpoint) => grpcSender(endpoint, access)),
        ...http.map((endpoint) => httpSender(endpoint, access)),
    ];
}

async function collect(tap: TapLog, { acknowledged }: Ledger, patienceMs: number): Promise<Arrivals> {
    let last = { seen: -1, at: Date.now() };
    for (;;) {
        const arrivals = await tap.read();
        const seen = acknowledged.filter((span) => arrivals.has(spanKey(span))).length;
        if (seen > last.seen) last = { seen, at: Date.now() };
        if (seen === acknowledged.length || Date.now() - last.at > patienceMs) return arrivals;
        await delay(pollMs);
    }
}
