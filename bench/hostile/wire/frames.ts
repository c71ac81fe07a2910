// HTTP/2 by hand (RFC 9113), for what no library sends.
import { varint } from "../payloads/protobuf";

export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8, continuation: 9 };
export type FrameType = keyof typeof types;
export const flags = { none: 0, endStream: 1, endHeaders: 4 };

export function frame(type: FrameType, flag: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(types[type], 3);
    head.writeUInt8(flag, 4);
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
}

export const settings = frame("settings", flags.none, 0);
export const ping = frame("ping", flags.none, 0, Buffer.alloc(8));
/** The client gives a stream up (CANCEL). */
export const reset = (stream: number) => frame("reset", flags.none, stream, Buffer.from([0, 0, 0, 8]));

/** Headers as HPACK (RFC 7541) writes them when nothing is compressed or kept. */
export function headerBlock(headers: Record<string, string>): Buffer {
    const parts = Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]);
    return Buffer.concat(parts);
}

function text(value: string): Buffer {
    const bytes = Buffer.from(value);
    const most = 127;
    const isShort = bytes.length < most;
    const length = isShort ? [Buffer.from([bytes.length])] : [Buffer.from([most]), varint(bytes.length - most)];
    return Buffer.concat([...length, bytes]);
}

/** The frames in what a server said, without one that was cut off. */
export function framesIn(said: Buffer): { type: FrameType | undefined; payload: Buffer }[] {
    const frames: { type: FrameType | undefined; payload: Buffer }[] = [];
    for (let at = 0; at + 9 <= said.length;) {
        const end = at + 9 + said.readUIntBE(at, 3);
        if (end > said.length) break;
        const number = said.readUInt8(at + 3);
        const type = (Object.keys(types) as FrameType[]).find((name) => types[name] === number);
        frames.push({ type, payload: said.subarray(at + 9, end) });
        at = end;
    }
    return frames;
}

const reasons: Record<number, string> = {
    0: "NO_ERROR",
    1: "PROTOCOL_ERROR",
    9: "COMPRESSION_ERROR",
    11: "ENHANCE_YOUR_CALM",
};

/** Why a server hangs up, as it says itself; undefined where it did not say. */
export function goAwayIn(said: Buffer): string | undefined {
    const last = framesIn(said)
        .filter(({ type }) => type === "goAway")
        .pop();
    if (!last) return undefined;
    const code = last.payload.readUInt32BE(4);
    return `GOAWAY ${reasons[code] ?? code}`;
}
