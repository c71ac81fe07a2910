// Snappy by hand (google/snappy: format_description.txt, framing_format.txt).
import { maskedCrc32c } from "./crc32c";
import { varint } from "./protobuf";

const streamStart = Buffer.concat([Buffer.from([0xff, 6, 0, 0]), Buffer.from("sNaPpY")]);
const chunk = { compressed: 0, plain: 1 };
const mostInChunk = 1 << 16;
const mostInCopy = 64;

/** One block: its length, a zero, and copies of the byte before. @param claims the length that it says it has */
export function snappyBlockOfZeros(bytes: number, claims = bytes): Buffer {
    const literal = Buffer.from([0, 0]);
    const copy = (length: number) => Buffer.from([(length - 1) * 4 + 2, 1, 0]);
    const copies = Buffer.alloc(3 * Math.floor((bytes - 1) / mostInCopy), copy(mostInCopy));
    const rest = (bytes - 1) % mostInCopy;
    return Buffer.concat([varint(claims), literal, copies, ...(rest > 0 ? [copy(rest)] : [])]);
}

/** As it is, in one literal. @param content 1 to 65536 bytes */
export function snappyBlockOf(content: Buffer): Buffer {
    const head = Buffer.from([61 * 4, 0, 0]);
    head.writeUInt16LE(content.length - 1, 1);
    return Buffer.concat([varint(content.length), head, content]);
}

/** The stream that gRPC calls snappy, twenty times smaller on the wire. */
export function snappyStreamOfZeros(bytes: number): Buffer {
    const whole = frameOf(chunk.compressed, snappyBlockOfZeros(mostInChunk), Buffer.alloc(mostInChunk));
    return Buffer.concat([streamStart, ...Array.from({ length: Math.floor(bytes / mostInChunk) }, () => whole)]);
}

/** @param content at most 64 KiB */
export function snappyStreamOf(content: Buffer): Buffer {
    return Buffer.concat([streamStart, frameOf(chunk.plain, content, content)]);
}

function frameOf(type: number, data: Buffer, content: Buffer): Buffer {
    const head = Buffer.alloc(8);
    head.writeUInt8(type);
    head.writeUIntLE(data.length + 4, 1, 3);
    head.writeUInt32LE(maskedCrc32c(content), 4);
    return Buffer.concat([head, data]);
}
