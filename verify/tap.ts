/** How often a span arrived, and through which gateways. */
export interface Arrival {
    count: number;
    gateways: Set<string>;
}

/** Arrivals by what the tap calls a span: "traceId/spanId". */
export type Arrivals = Map<string, Arrival>;

const series = /^verify_calls_total\{(?<labels>[^}]*)\} (?<value>\S+)/gm;
const label = (labels: string, name: string) => new RegExp(`tiers_verify_${name}="([^"]*)"`).exec(labels)?.[1];

/** Reads what arrived of one run from the external gateway's tap. */
export async function readTap(endpoint: string, run: string): Promise<Arrivals> {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`the tap ${endpoint} answers HTTP ${response.status}`);
    return parseTap(await response.text(), run);
}

export function parseTap(metrics: string, run: string): Arrivals {
    const arrivals: Arrivals = new Map();
    for (const { groups } of metrics.matchAll(series)) {
        const { labels = "", value = "" } = groups ?? {};
        const span = label(labels, "span");
        const isNew = Number(value) === 0; // a series starts at 0 and has its count from the next flush on
        if (!span || isNew || label(labels, "run") !== run) continue;
        const arrival = arrivals.get(span) ?? { count: 0, gateways: new Set() };
        arrival.count += Number(value);
        arrival.gateways.add(label(labels, "gateway") ?? "unknown");
        arrivals.set(span, arrival);
    }
    return arrivals;
}
