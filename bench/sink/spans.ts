/** Called for each span of a request, with where its ids are in the body; -1 where it has none. */
export type EachSpan = (traceIdAt: number, spanIdAt: number, gateway: string | undefined) => void;

const gatewayKey = Buffer.from("tiers.verify.gateway");

/**
 * Walks an encoded ExportTraceServiceRequest without decoding it: a sink that builds every span would take more CPU
 * than the collectors in front of it.
 */
export function eachSpan(body: Buffer, each: EachSpan): void {
    inside(body, 0, body.length, 1, (resourceSpans, end) =>
        inside(body, resourceSpans, end, 2, (scopeSpans, end) =>
            inside(body, scopeSpans, end, 2, (span, end) => readSpan(body, span, end, each)),
        ),
    );
}

function readSpan(body: Buffer, from: number, end: number, each: EachSpan): void {
    let traceId = -1;
    let spanId = -1;
    let gateway: string | undefined;
    fields(body, from, end, (number, start, stop) => {
        if (number === 1 && stop > start) traceId = start;
        else if (number === 2 && stop > start) spanId = start;
        else if (number === 9) gateway ??= gatewayIn(body, start, stop);
    });
    each(traceId, spanId, gateway);
}

/** A KeyValue: its first field is the key, its second an AnyValue, of which the first is a text. In any order. */
function gatewayIn(body: Buffer, from: number, to: number): string | undefined {
    let isGateway = false;
    let valueFrom = 0;
    let valueTo = 0;
    fields(body, from, to, (number, start, end) => {
        if (number === 1) isGateway = body.compare(gatewayKey, 0, gatewayKey.length, start, end) === 0;
        else [valueFrom, valueTo] = [start, end];
    });
    if (!isGateway) return undefined;
    let text: string | undefined;
    inside(body, valueFrom, valueTo, 1, (start, end) => (text = body.toString("utf8", start, end)));
    return text;
}

function inside(
    body: Buffer,
    from: number,
    to: number,
    field: number,
    visit: (start: number, end: number) => void,
): void {
    fields(body, from, to, (number, start, end) => {
        if (number === field) visit(start, end);
    });
}

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };

/** Every field of a message; `start` and `end` enclose the content of those with a length. */
function fields(
    body: Buffer,
    from: number,
    to: number,
    visit: (number: number, start: number, end: number) => void,
): void {
    let at = from;
    const varint = () => {
        let value = 0;
        for (let factor = 1; ; factor *= 128) {
            const byte = body[at++] ?? 0;
            value += (byte & 127) * factor;
            if (byte < 128) return value;
        }
    };
    while (at < to) {
        const tag = varint();
        const type = tag & 7;
        if (type === wire.bytes) {
            const length = varint();
            visit(tag >>> 3, at, at + length);
            at += length;
        } else if (type === wire.varint) varint();
        else if (type === wire.fixed64) at += 8;
        else if (type === wire.fixed32) at += 4;
        else throw new Error(`byte ${at} of a request is no protobuf`);
    }
}
