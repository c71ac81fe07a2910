/** As long as the number needs, seven bits a byte. */
export function varint(value: number): Buffer {
    const bytes: number[] = [];
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    return Buffer.from([...bytes, left]);
}

const tag = (number: number, wireType: number) => varint(number * 8 + wireType);

/** A field that has a length: a text, bytes, or a message. */
export function field(number: number, ...content: (Buffer | string)[]): Buffer {
    const bytes = Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
    return Buffer.concat([tag(number, 2), varint(bytes.length), bytes]);
}

/** Eight bytes, as times are written. */
export function fixed64(number: number, value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return Buffer.concat([tag(number, 1), bytes]);
}
