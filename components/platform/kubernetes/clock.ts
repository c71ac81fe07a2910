import type { CoreV1Event } from "@kubernetes/client-node";

/** Neither an answer nor an event tells the time more exactly. */
export const clockStepMs = 1_000;

export class ServerClock {
    /** How far the API server's clock is ahead of this machine's. */
    aheadMs = 0;

    set(date: Date): void {
        this.aheadMs = date.getTime() - Date.now();
    }
}

/** When an event happened last, in milliseconds by the cluster's clock. */
export function lastSeen({ series, lastTimestamp, eventTime, metadata }: CoreV1Event): number {
    const time = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
    return time ? new Date(time).getTime() : 0;
}
