import { setTimeout as delay } from "node:timers/promises";
import type { OtlpSender } from "./otlp";
import { newSpanId, newTraceId, type TestSpan } from "./span";

/** What to send: a fixed number of traces, at a rate that does not depend on the answers. */
export interface TrafficPlan {
    /** What the tap knows the spans by; absent: ordinary spans, which go to the backends. */
    run?: string;
    traces: number;
    spansPerTrace: number;
    tracesPerSecond: number;
    /** Between one span of a trace and the next; each goes out in a request of its own, to another endpoint. */
    spanIntervalMs: number;
}

/** Everything that was acknowledged, and nothing else. */
export class Ledger {
    readonly acknowledged: (TestSpan & { endpoint: string; at: number })[] = [];
    /** Attempts that were refused or not answered, by reason; each was made again with a new span. */
    readonly refused = new Map<string, number>();
    /** Spans that no attempt got acknowledged in time. */
    givenUp = 0;
}

const giveUpMs = 60_000;
const retryMs = 100;

/** Sends a plan's traces and keeps the ledger; `stop` ends it early, after the traces that have begun. */
export async function sendTraffic(plan: TrafficPlan, senders: OtlpSender[], stop?: AbortSignal): Promise<Ledger> {
    const ledger = new Ledger();
    const begun: Promise<void>[] = [];
    const started = performance.now();
    for (let index = 0; index < plan.traces && !stop?.aborted; index++) {
        const due = started + (index * 1_000) / plan.tracesPerSecond;
        if (due > performance.now()) await delay(due - performance.now());
        begun.push(sendTrace(plan, index, senders, ledger));
    }
    await Promise.all(begun);
    return ledger;
}

async function sendTrace(plan: TrafficPlan, index: number, senders: OtlpSender[], ledger: Ledger): Promise<void> {
    const traceId = newTraceId();
    await Promise.all(
        Array.from({ length: plan.spansPerTrace }, async (_, position) => {
            if (position > 0) await delay(position * plan.spanIntervalMs);
            await sendSpan(plan.run, traceId, index + position, senders, ledger);
        }),
    );
}

/**
 * Sends a span until it is acknowledged. Each attempt is a span of its own: one that was taken in but not acknowledged
 * may arrive, and then is neither a duplicate nor in the ledger.
 */
async function sendSpan(
    run: string | undefined,
    traceId: string,
    turn: number,
    senders: OtlpSender[],
    ledger: Ledger,
): Promise<void> {
    const deadline = Date.now() + giveUpMs;
    for (let attempt = turn; Date.now() < deadline; attempt++) {
        const sender = senders[attempt % senders.length];
        if (!sender) throw new Error("there is no endpoint to send to");
        const span = { traceId, spanId: newSpanId(), run };
        try {
            await sender.send([span]);
            ledger.acknowledged.push({ ...span, endpoint: sender.endpoint, at: Date.now() });
            return;
        } catch (error) {
            const reason = (error as Error).message;
            ledger.refused.set(reason, (ledger.refused.get(reason) ?? 0) + 1);
            await delay(retryMs);
        }
    }
    ledger.givenUp++;
}
