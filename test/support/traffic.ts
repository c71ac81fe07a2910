import { randomUUID } from "node:crypto";
import { hashRing } from "../../components";
import { gatewaysByTrace, type Report, reportOf } from "../../verify/report";
import type { Arrivals } from "../../verify/tap";
import type { Ledger } from "../../verify/traffic";
import { sendAndCollect, type Target } from "../../verify/verify";

export interface Outcome extends Report {
    ledger: Ledger;
    arrivals: Arrivals;
}

/** More than an lb may wait for gateways that are gone: its exporter's `timeout` of 60 s, and a retry by the next ring. */
const patienceMs = 90_000;

/** Traces of four spans over most of a second each, while something else happens: 200 spans a second, unless said otherwise. */
export async function underTraffic(
    target: Target,
    meanwhile: () => Promise<void>,
    { tracesPerSecond = 50 } = {},
): Promise<Outcome> {
    const stop = new AbortController();
    const plan = { run: randomUUID(), traces: 20_000, spansPerTrace: 4, tracesPerSecond, spanIntervalMs: 300 };
    const traffic = sendAndCollect(target, plan, { stop: stop.signal, patienceMs });
    try {
        await meanwhile();
    } finally {
        stop.abort();
    }
    const { ledger, arrivals } = await traffic;
    const outcome = { ...reportOf(ledger, arrivals), ledger, arrivals };
    console.log(shown(outcome));
    return outcome;
}

/** A number of traces while nothing else happens. */
export async function steady(target: Target, traces: number): Promise<Outcome> {
    const plan = { run: randomUUID(), traces, spansPerTrace: 4, tracesPerSecond: 100, spanIntervalMs: 20 };
    const { ledger, arrivals } = await sendAndCollect(target, plan);
    return { ...reportOf(ledger, arrivals), ledger, arrivals };
}

export function shown({ ledger, acknowledged, arrived, lost, duplicated, split, shares }: Outcome): string {
    const refused = Object.fromEntries(ledger.refused);
    return JSON.stringify({ acknowledged, arrived, lost, duplicated, split, shares, refused, givenUp: ledger.givenUp });
}

/**
 * Traces that went through a gateway that none of the rings of the time gives them to.
 * @param nameOf the gateway behind an endpoint of a ring
 */
export function misrouted(
    arrivals: Arrivals,
    rings: string[][],
    nameOf = (endpoint: string) => endpoint.split(":")[0],
): string[] {
    const owners = rings.map((endpoints) => hashRing(endpoints));
    return [...gatewaysByTrace(arrivals)]
        .filter(([traceId, gateways]) => {
            const allowed = owners.map((ownerOf) => nameOf(ownerOf(traceId) ?? ""));
            return [...gateways].some((gateway) => !allowed.includes(gateway));
        })
        .map(([traceId]) => traceId);
}

export const ring = (gateways: number) => Array.from({ length: gateways }, (_, index) => `gateway-${index + 1}:4317`);
