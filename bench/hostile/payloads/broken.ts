import { field, varint } from "./protobuf";
import { goodRequest, jsonRequest, request, span } from "./spans";

const bytes = (...values: number[]) => Buffer.from(values);

/** Requests that no decoder may take. */
export function brokenProtobuf(place: number): Buffer[] {
    const whole = goodRequest(place);
    const cut = Array.from({ length: whole.length - 1 }, (_, index) => whole.subarray(0, index + 1));
    const inSpan = (part: Buffer) => request(span(place, part));
    return [
        ...cut,
        Buffer.alloc(1_000), // field 0
        Buffer.alloc(1_000, 0xff), // a number without an end
        bytes(0x08, 0x01), // resource spans that are a number
        bytes(0x0b), // a group that never ends
        Buffer.concat([bytes(0x0a), varint(2 ** 40)]), // more to come than there is memory
        Buffer.concat([bytes(0x0a), bytes(...Array<number>(10).fill(0xff), 0x01)]), // a length beyond 64 bits
        inSpan(field(1, "three")), // a trace id of five bytes
        inSpan(field(2, Buffer.alloc(64))), // a span id of 64
        inSpan(bytes(0x4a, 0x05, 0x0a, 0x7f)), // an attribute whose key is longer than it
        inSpan(field(9, field(2, bytes(0x2a, 0x02, 0x0a, 0x05)))), // a list whose value is
    ];
}

/** The same as JSON. */
export function brokenJson(place: number): string[] {
    const whole = jsonRequest(place);
    const cut = Array.from({ length: whole.length - 1 }, (_, index) => whole.slice(0, index + 1));
    const swapped = (text: string | RegExp, other: string) => whole.replace(text, other);
    return [
        ...cut,
        "\0",
        "[".repeat(100_000),
        '{"resourceSpans":'.repeat(10_000),
        '{"resourceSpans":[1e999999]}',
        `{"resourceSpans":[${"9".repeat(1_000_000)}]}`,
        swapped(/"traceId":"\w+"/, '"traceId":"not hexadecimal"'),
        swapped(/"traceId":"\w+"/, '"traceId":"0bad"'),
        swapped(/"spanId":"\w+"/, '"spanId":7'),
        swapped(/"startTimeUnixNano":"\d+"/, '"startTimeUnixNano":"yesterday"'),
        swapped('"attributes":[]', '"attributes":"none"'),
    ];
}
