import { gatewaysByTrace } from "../../verify/report";
import { ringSizes } from "../../verify/ring";
import { ringOf as ringAsSeenBy } from "../support/ring";
import type { Outcome } from "../support/traffic";

/** Waits until every lb has a number of gateways in its ring; one that is away has none. */
export const ringOf = (metrics: string[], size: number) =>
    ringAsSeenBy(metrics, size, (all) => ringSizes(all).catch((error: Error) => [error.message]));

/** From when to when the ring may have been changing, in milliseconds. */
export interface Window {
    from: number;
    to: number;
}

/** What happens, with the time it took. */
export async function timed(act: () => Promise<unknown>): Promise<Window> {
    const from = Date.now();
    await act();
    return { from, to: Date.now() };
}

/** Traces on more than one gateway, none of whose spans was acknowledged while the ring was changing. */
export function splitOutside({ ledger, arrivals }: Outcome, windows: Window[]): string[] {
    const times = new Map<string, number[]>();
    for (const { traceId, at } of ledger.acknowledged) times.set(traceId, [...(times.get(traceId) ?? []), at]);
    return [...gatewaysByTrace(arrivals)]
        .filter(([, gateways]) => gateways.size > 1)
        .map(([traceId]) => traceId)
        .filter((traceId) => {
            const at = times.get(traceId) ?? [];
            return !windows.some(({ from, to }) => Math.min(...at) <= to && Math.max(...at) >= from);
        });
}
