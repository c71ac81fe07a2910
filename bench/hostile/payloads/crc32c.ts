const castagnoli = 0x82f63b78;
const table = Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ castagnoli : value >>> 1;
    return value >>> 0;
});

function crc32c(bytes: Buffer): number {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
}

/** As snappy's frames carry it. */
export function maskedCrc32c(bytes: Buffer): number {
    const crc = crc32c(bytes);
    const rotated = ((crc >>> 15) | (crc << 17)) >>> 0;
    return (rotated + 0xa282ead8) >>> 0;
}
