import { randomBytes } from "node:crypto";
import { field, fixed64, varint } from "./protobuf";

/** What every trace id of an attack begins with, so that what arrives of it is known. */
export const mark = Buffer.from("0bad0bad", "hex");

/** A trace id of an attack. @param attack its place among the attacks */
export function markedTraceId(attack: number): Buffer {
    const id = Buffer.concat([mark, randomBytes(12)]);
    id.writeUInt16BE(attack, mark.length);
    return id;
}

/** The attack that an arrival belongs to, by its trace id in hexadecimal; undefined for anybody else's. */
export function attackOf(traceId: string): number | undefined {
    const bytes = Buffer.from(traceId, "hex");
    return bytes.subarray(0, mark.length).equals(mark) ? bytes.readUInt16BE(mark.length) : undefined;
}

const now = () => BigInt(Date.now()) * 1_000_000n;
const service = field(1, field(1, field(1, "service.name"), field(2, field(1, "hostile"))));

/** An encoded span. @param more encoded fields after the usual ones */
export function span(attack: number, ...more: Buffer[]): Buffer {
    const time = now();
    const ids = [field(1, markedTraceId(attack)), field(2, randomBytes(8))];
    return Buffer.concat([...ids, field(5, "hostile"), fixed64(7, time), fixed64(8, time), ...more]);
}

/** An encoded ExportTraceServiceRequest of one resource and one scope. */
export function request(...spans: Buffer[]): Buffer {
    return field(1, service, field(2, ...spans.map((one) => field(2, one))));
}

/** A small request that is as it should be. */
export const goodRequest = (attack: number) => request(span(attack, attribute("a", "b")));

export function attribute(key: string, value: string): Buffer {
    return field(9, field(1, key), field(2, field(1, value)));
}

/** One span with as many attributes as said, each with a key of its own and an empty value. */
export function manyAttributes(attack: number, count: number): Buffer {
    const attributes = Array.from({ length: count }, (_, number) => {
        const key = number.toString(36);
        const [outer, inner] = [key.length + 2, key.length].map((length) => String.fromCharCode(length));
        return `J${outer}\n${inner}${key}`; // field 9, and its field 1: a million buffers would take seconds
    });
    return request(span(attack, Buffer.from(attributes.join(""), "latin1")));
}

/** The same as JSON. */
export function manyAttributesInJson(attack: number, count: number): string {
    const attributes = Array.from({ length: count }, (_, key) => `{"key":"${key.toString(36)}"}`);
    return jsonRequest(attack, `[${attributes.join(",")}]`);
}

/** One attribute whose value is a list in a list, as deep as said. */
export function nested(attack: number, depth: number): Buffer {
    return request(span(attack, field(9, field(1, "deep"), field(2, nestedValue(depth)))));
}

/** The same as JSON. */
export function nestedInJson(attack: number, depth: number): string {
    const value = '{"arrayValue":{"values":['.repeat(depth) + '{"stringValue":"x"}' + "]}}".repeat(depth);
    return jsonRequest(attack, `[{"key":"deep","value":${value}}]`);
}

/** Written from its end, so that millions of levels take no more than their bytes. */
function nestedValue(depth: number): Buffer {
    const mostBytesOfLevel = 12;
    const bytes = Buffer.alloc(16 + depth * mostBytesOfLevel);
    let from = bytes.length;
    const prepend = (part: Buffer) => {
        from -= part.length;
        part.copy(bytes, from);
    };
    prepend(field(1, "x"));
    for (let level = 0; level < depth; level++) {
        prepend(Buffer.concat([Buffer.from([0x0a]), varint(bytes.length - from)])); // ArrayValue.values
        prepend(Buffer.concat([Buffer.from([0x2a]), varint(bytes.length - from)])); // AnyValue.array_value
    }
    return bytes.subarray(from);
}

/** As many spans without anything in them as fit: two bytes each, and hundreds once they are decoded. */
export function emptySpans(bytes: number): Buffer {
    return field(1, service, field(2, Buffer.alloc(bytes - (bytes % 2), Buffer.from([0x12, 0x00]))));
}

/** A request as JSON. @param attributes of its span, as JSON */
export function jsonRequest(attack: number, attributes = "[]"): string {
    const ids = `"traceId":"${markedTraceId(attack).toString("hex")}","spanId":"${randomBytes(8).toString("hex")}"`;
    const one = `{${ids},"name":"hostile","startTimeUnixNano":"${now()}","endTimeUnixNano":"${now()}","attributes":${attributes}}`;
    return `{"resourceSpans":[{"scopeSpans":[{"spans":[${one}]}]}]}`;
}
