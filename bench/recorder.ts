import { closeSync, openSync, writeSync } from "node:fs";

const chunkBytes = 1 << 20;

/** Appends records of one size to a file, a megabyte at a time. */
export class Recorder {
    private readonly file: number;
    private readonly chunk = Buffer.alloc(chunkBytes);
    private used = 0;

    constructor(
        file: string,
        private readonly recordBytes: number,
    ) {
        this.file = openSync(file, "w");
    }

    /** @param write puts one record where it is told */
    add(write: (chunk: Buffer, at: number) => void): void {
        if (this.used + this.recordBytes > this.chunk.length) this.flush();
        write(this.chunk, this.used);
        this.used += this.recordBytes;
    }

    flush(): void {
        writeSync(this.file, this.chunk, 0, this.used);
        this.used = 0;
    }

    close(): void {
        this.flush();
        closeSync(this.file);
    }
}
