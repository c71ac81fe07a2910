import { ringSizes } from "../../verify/ring";
import { eventually } from "../support/eventually";
import type { Outcome } from "../support/traffic";

/** Waits until every lb has a number of gateways in its ring. */
export const ringOf = (metrics: string[], size: number) =>
    eventually(`${size} backends in every ring`, async () => {
        const sizes = await ringSizes(metrics).catch((error: Error) => [error.message]); // an lb that is away has none
        return { done: sizes.every((one) => one === size), saw: sizes };
    });

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
    const traces = new Map<string, { at: number[]; gateways: Set<string> }>();
    for (const { traceId, spanId, at } of ledger.acknowledged) {
        const trace = traces.get(traceId) ?? { at: [], gateways: new Set() };
        trace.at.push(at);
        for (const gateway of arrivals.get(`${traceId}/${spanId}`)?.gateways ?? []) trace.gateways.add(gateway);
        traces.set(traceId, trace);
    }
    return [...traces]
        .filter(([, { gateways }]) => gateways.size > 1)
        .filter(([, { at }]) => {
            const [first, last] = [Math.min(...at), Math.max(...at)];
            return !windows.some(({ from, to }) => first <= to && last >= from);
        })
        .map(([traceId]) => traceId);
}
