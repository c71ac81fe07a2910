import { closeSync, openSync, writeSync } from "node:fs";
import { arrivalBytes, idBytes, noGateway } from "../records";

const chunkRecords = 1 << 15;

/** Everything that arrived, in memory, as compact as on disk. */
export class Arrivals {
    count = 0;
    readonly gateways: string[] = [];
    private chunks: Buffer[] = [];

    add(body: Buffer, traceIdAt: number, spanIdAt: number, gateway: string | undefined, at: number): void {
        const place = this.count++ % chunkRecords;
        if (place === 0) this.chunks.push(Buffer.alloc(chunkRecords * arrivalBytes));
        const chunk = this.chunks[this.chunks.length - 1] as Buffer;
        const offset = place * arrivalBytes;
        // Chunks begin as zeros, so an id that is missing stays zero.
        if (traceIdAt >= 0) body.copy(chunk, offset, traceIdAt, traceIdAt + 16);
        if (spanIdAt >= 0) body.copy(chunk, offset + 16, spanIdAt, spanIdAt + 8);
        chunk.writeDoubleLE(at, offset + idBytes);
        chunk.writeUInt8(this.placeOf(gateway), offset + idBytes + 8);
    }

    forget(): void {
        this.count = 0;
        this.chunks = [];
    }

    save(file: string): void {
        const to = openSync(file, "w");
        let left = this.count * arrivalBytes;
        for (const chunk of this.chunks) left -= writeSync(to, chunk, 0, Math.min(left, chunk.length));
        closeSync(to);
    }

    private placeOf(gateway: string | undefined): number {
        if (gateway === undefined) return noGateway;
        const known = this.gateways.indexOf(gateway);
        return known >= 0 ? known : this.gateways.push(gateway) - 1;
    }
}
