import { spanKey } from "./span";
import type { Arrivals } from "./tap";
import type { Ledger } from "./traffic";

/** The ledger joined to what arrived. */
export interface Report {
    /** Spans that an lb acknowledged. */
    acknowledged: number;
    /** Of those, how many arrived. */
    arrived: number;
    /** Of those, how many did not. */
    lost: number;
    /** Arrivals beyond the first of each span. */
    duplicated: number;
    /** Traces whose spans went through more than one gateway. */
    split: number;
    /** Each gateway's part of the traces, from 0 to 1. */
    shares: Record<string, number>;
}

export function reportOf({ acknowledged }: Ledger, arrivals: Arrivals): Report {
    const keys = acknowledged.map(spanKey);
    const arrived = keys.filter((key) => arrivals.has(key)).length;
    const traces = [...gatewaysByTrace(arrivals).values()];
    return {
        acknowledged: keys.length,
        arrived,
        lost: keys.length - arrived,
        duplicated: [...arrivals.values()].reduce((sum, { count }) => sum + count - 1, 0),
        split: traces.filter((gateways) => gateways.size > 1).length,
        shares: sharesOf(traces),
    };
}

export function gatewaysByTrace(arrivals: Arrivals): Map<string, Set<string>> {
    const traces = new Map<string, Set<string>>();
    for (const [key, { gateways }] of arrivals) {
        const traceId = key.split("/")[0] ?? key;
        traces.set(traceId, new Set([...(traces.get(traceId) ?? []), ...gateways]));
    }
    return traces;
}

function sharesOf(traces: Set<string>[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const gateway of traces.flatMap((gateways) => [...gateways])) counts[gateway] = (counts[gateway] ?? 0) + 1;
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const names = Object.keys(counts).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    return Object.fromEntries(names.map((name) => [name, (counts[name] ?? 0) / total]));
}
