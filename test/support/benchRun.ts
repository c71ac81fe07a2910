import { createHash } from "node:crypto";
import type { RingSpell } from "../../bench/check/verdict";
import type { Arrival, SentSpan } from "../../bench/records";
import { ringOracle } from "./ringOracle";

/** What a run sent, what arrived of it, and the rings that it had. */
export interface Run {
    sent: SentSpan[];
    arrivals: Arrival[];
    rings: RingSpell[];
}

export interface RunShape {
    seed: number;
    traces: number;
    spansPerTrace: number;
    lbs: number;
    /** Gateways of each ring, one ring after the other. */
    gateways: number[];
}

const traceEveryMs = 10;
const spanEveryMs = 300;
const latencyMs = 20;
const settlingMs = 400;

/** When the first span of a run is sent. */
export const start = 1_700_000_000_000;

/** The lowest `digits` of a hash: ids as random as real ones, and the same each time. */
const id = (text: string, digits: number) => createHash("md5").update(text).digest("hex").slice(0, digits);
export const traceId = (trace: number, seed = 0) => id(`${seed} ${trace}`, 32);
export const spanKey = (trace: number, span: number, seed = 0) =>
    traceId(trace, seed) + id(`${seed} ${trace} ${span}`, 16);

/** "gateway-1:4317" and so on, with the gateway behind each. */
export const ringEndpoints = (count: number): Record<string, string> =>
    Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`gateway-${index + 1}:4317`, `gateway-${index + 1}`]),
    );

/** Which gateway owns a trace, by the tests' own oracle. */
export function ownerIn({ endpoints }: RingSpell): (traceId: string) => string | undefined {
    const owner = ringOracle(Object.keys(endpoints));
    return (traceId) => endpoints[owner(traceId) ?? ""];
}

/** A run of tiers without a fault: all is acknowledged, each lb routes by the ring that it has, and takes up a new one at its own moment. */
export function honestRun({ seed, traces, spansPerTrace, lbs, gateways }: RunShape): Run {
    const runMs = traces * traceEveryMs + spansPerTrace * spanEveryMs;
    const rings = gateways.map((count, index): RingSpell => {
        const from = start - settlingMs + (index * runMs) / gateways.length;
        return { from, settled: from + settlingMs, endpoints: ringEndpoints(count) };
    });
    const owners = rings.map(ownerIn);
    const gatewayOf = (trace: string, lb: number, at: number) => {
        const current = rings.findLastIndex(({ from }) => from + (settlingMs * lb) / lbs <= at);
        return owners[current]?.(trace);
    };

    const run: Run = { sent: [], arrivals: [], rings };
    for (let trace = 0; trace < traces; trace++) {
        for (let span = 0; span < spansPerTrace; span++) {
            const key = spanKey(trace, span, seed);
            const endpoint = (trace + span) % lbs;
            const sentAt = start + trace * traceEveryMs + span * spanEveryMs;
            run.sent.push({ key, sentAt, acknowledgedAt: sentAt + 5, endpoint });
            const gateway = gatewayOf(traceId(trace, seed), endpoint, sentAt);
            run.arrivals.push({ key, at: sentAt + latencyMs, gateway });
        }
    }
    return run;
}
