import { type Arrival, type SentSpan, traceOf } from "../records";

/** A trace, as far as the sink has seen it: only spans that arrived are in it. */
export interface Trace {
    id: string;
    /** Its life: from its first span's sending to the last arrival. Infinity to -Infinity when nothing arrived. */
    from: number;
    until: number;
    /** When its last span was sent; later than `from` where it went in more than one request. */
    lastSentAt: number;
    /** Which stamped what arrived of it, the earliest first. */
    gateways: string[];
}

/** A span of the ledger and what became of it. */
export interface Span {
    sent: SentSpan;
    trace: Trace;
    /** Infinity when it never did. */
    firstArrivedAt: number;
}

/** The ledger joined to the arrivals. */
export interface Join {
    spans: Span[];
    traces: Trace[];
    /** Arrivals of spans in the ledger, the earliest first. */
    landings: { span: Span; arrival: Arrival }[];
    /** Arrivals of spans that are not in the ledger; they are in no trace. */
    invented: number;
}

/** @throws when the ledger names a span twice: one of the two could be lost and nobody would see it */
export function join(sent: SentSpan[], arrivals: Arrival[]): Join {
    const traces = new Traces();
    const spans = sent.map((span) => ({ sent: span, trace: traces.of(span), firstArrivedAt: Infinity }));
    const byKey = new Map<string, Span>();
    for (const span of spans) byKey.set(span.sent.key, span);
    if (byKey.size < sent.length) throw new Error(`the ledger names ${sent.length - byKey.size} spans twice`);

    const landings: Join["landings"] = [];
    for (const arrival of inOrder(arrivals)) {
        const span = byKey.get(arrival.key);
        if (!span) continue;
        landings.push({ span, arrival });
        land(span, arrival);
    }
    return { spans, traces: traces.all, landings, invented: arrivals.length - landings.length };
}

class Traces {
    readonly all: Trace[] = [];
    private readonly byId = new Map<string, Trace>();

    of({ key }: SentSpan): Trace {
        const id = traceOf(key);
        const known = this.byId.get(id);
        if (known) return known;
        const trace = { id, from: Infinity, until: -Infinity, lastSentAt: -Infinity, gateways: [] };
        this.all.push(trace);
        this.byId.set(id, trace);
        return trace;
    }
}

function inOrder(arrivals: Arrival[]): Arrival[] {
    const isLate = ({ at }: Arrival, index: number) => at < (arrivals[index - 1]?.at ?? -Infinity);
    return arrivals.some(isLate) ? [...arrivals].sort((a, b) => a.at - b.at) : arrivals;
}

function land(span: Span, { at, gateway }: Arrival): void {
    const { sent, trace } = span;
    span.firstArrivedAt = Math.min(span.firstArrivedAt, at);
    trace.from = Math.min(trace.from, sent.sentAt);
    trace.until = Math.max(trace.until, at);
    trace.lastSentAt = Math.max(trace.lastSentAt, sent.sentAt);
    if (gateway !== undefined && !trace.gateways.includes(gateway)) trace.gateways.push(gateway);
}
