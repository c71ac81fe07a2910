import { setTimeout as delay } from "node:timers/promises";
import type { Rig } from "../rigs/rig";

const pollMs = 2_000;
const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The most memory that each replica has had in use. */
export class MemoryWatch {
    readonly peaks = new Map<string, { bytes: number; limit: number }>();
    private stopped = false;

    static start(rig: Pick<Rig, "memory">, everyMs = pollMs): MemoryWatch {
        const watch = new MemoryWatch();
        void watch.follow(rig, everyMs);
        return watch;
    }

    /** @returns those that had more than their limit, in a sentence each */
    stop(): string[] {
        this.stopped = true;
        return [...this.peaks]
            .filter(([, { bytes, limit }]) => bytes > limit)
            .map(([name, { bytes, limit }]) => `${name} used ${mebibytes(bytes)}; allowed: ${mebibytes(limit)}`);
    }

    private async follow(rig: Pick<Rig, "memory">, everyMs: number): Promise<void> {
        while (!this.stopped) {
            const now = await rig.memory().catch(() => ({})); // a replica that is away has none
            for (const [name, use] of Object.entries(now)) {
                if (use.bytes > (this.peaks.get(name)?.bytes ?? 0)) this.peaks.set(name, use);
            }
            await delay(everyMs);
        }
    }
}
