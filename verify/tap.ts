/** How often a span arrived, and through which gateways. */
export interface Arrival {
    count: number;
    gateways: Set<string>;
}

/** Arrivals by what the tap calls a span: "traceId/spanId". */
export type Arrivals = Map<string, Arrival>;

const series = /^verify_calls_total\{(?<labels>[^}]*)\} (?<value>\S+)/gm;
const label = (labels: string, name: string) => new RegExp(`tiers_verify_${name}="([^"]*)"`).exec(labels)?.[1];

/** What arrived of one run: the tap itself forgets a span two minutes after it came, this does not. */
export class TapLog {
    private readonly arrivals: Arrivals = new Map();
    /** The value of each series when it was last read; one that the tap has forgotten begins anew. */
    private values = new Map<string, number>();

    constructor(
        private readonly endpoint: string,
        private readonly run: string,
    ) {}

    /** Reads the external gateway's tap. @returns all that has ever been read */
    async read(): Promise<Arrivals> {
        const response = await fetch(this.endpoint, { signal: AbortSignal.timeout(10_000) });
        if (!response.ok) throw new Error(`the tap ${this.endpoint} answers HTTP ${response.status}`);
        return this.add(await response.text());
    }

    /** Adds what the tap has counted since the last time. */
    add(metrics: string): Arrivals {
        const values = new Map<string, number>();
        for (const { groups } of metrics.matchAll(series)) {
            const { labels = "", value = "" } = groups ?? {};
            const span = label(labels, "span");
            if (!span || label(labels, "run") !== this.run) continue;
            const gateway = label(labels, "gateway") ?? "unknown";
            const key = `${span} ${gateway}`;
            const before = this.values.get(key) ?? 0;
            const isNew = Number(value) < before;
            this.count(span, gateway, isNew ? Number(value) : Number(value) - before);
            values.set(key, Number(value));
        }
        this.values = values;
        return this.arrivals;
    }

    /** A series starts at 0 and has its count from the next flush on. */
    private count(span: string, gateway: string, more: number): void {
        if (more === 0) return;
        const arrival = this.arrivals.get(span) ?? { count: 0, gateways: new Set() };
        arrival.count += more;
        arrival.gateways.add(gateway);
        this.arrivals.set(span, arrival);
    }
}
