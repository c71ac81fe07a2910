// A decoder of snappy, as far as its format goes, to check what was encoded by hand.

/** @throws when the block is longer or shorter than it says */
export function unsnappedBlock(block: Buffer): Buffer {
    let at = 0;
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
        const byte = block.readUInt8(at++);
        length += (byte & 127) * factor;
        if (byte < 128) break;
    }
    const parts: number[] = [];
    while (at < block.length) {
        const tag = block.readUInt8(at++);
        if ((tag & 3) === 0) {
            const extra = Math.max(0, (tag >> 2) - 59);
            const count = 1 + (extra === 0 ? tag >> 2 : block.readUIntLE(at, extra));
            at += extra;
            parts.push(...block.subarray(at, at + count));
            at += count;
        } else if ((tag & 3) === 2) {
            const offset = block.readUInt16LE(at);
            at += 2;
            for (let count = (tag >> 2) + 1; count > 0; count--) parts.push(parts[parts.length - offset] ?? NaN);
        } else throw new Error(`an element of kind ${tag & 3}`);
    }
    if (parts.length !== length) throw new Error(`${parts.length} bytes instead of ${length}`);
    return Buffer.from(parts);
}

/** Its chunks; the checksums are somebody else's. */
export function unsnappedStream(stream: Buffer): Buffer {
    const contents: Buffer[] = [];
    for (let at = 0; at < stream.length;) {
        const type = stream.readUInt8(at);
        const end = at + 4 + stream.readUIntLE(at + 1, 3);
        const data = stream.subarray(at + 8, end);
        if (type === 0) contents.push(unsnappedBlock(data));
        else if (type === 1) contents.push(data);
        else if (type !== 0xff) throw new Error(`a chunk of type ${type}`);
        at = end;
    }
    return Buffer.concat(contents);
}
