import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../components/errors";
import type { Rig } from "../rigs/rig";
import type { Sink } from "../sink/sink";

const pollMs = 500;
const wholeMs = 120_000;
/** An exporter may wait half a minute before its next try, and a channel two minutes before it connects again. */
const drainMs = 240_000;
/** How long nothing may have arrived: what waits in memory, where no queue shows it, may wait half a minute for its next try. */
export const quietMs = { custody: 2_000, default: 40_000 };

/** Waits until every lb has all gateways in its ring, and no queue holds anything. */
export async function untilWhole(rig: Rig, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + wholeMs;
    for (;;) {
        const gateways = (await rig.replicas("gateway")).length;
        const lbs = (await rig.replicas("load-balancer")).length;
        const views = await rig.ringViews();
        const queued = await rig.queued();
        const rings = views.map(({ backends }) => backends);
        if (rings.length === lbs && rings.every((size) => size === gateways) && !queued) return;
        if (Date.now() > deadline) {
            throw new InvalidInput(
                `the rig was not whole within ${wholeMs / 1_000} s: rings of ${rings.join(", ")} instead of ${gateways}, ${queued} bytes queued`,
            );
        }
        await delay(pollMs, undefined, { signal });
    }
}

interface Patience {
    deadlineMs?: number;
    quietMs?: number;
    signal?: AbortSignal;
}

/** Waits until the queues are empty and nothing arrives any more. @returns what is still queued at the deadline */
export async function untilDrained(
    rig: Pick<Rig, "queued">,
    sink: Pick<Sink, "count">,
    { deadlineMs = drainMs, quietMs: quietFor = quietMs.custody, signal }: Patience = {},
): Promise<number> {
    const deadline = Date.now() + deadlineMs;
    let arrived = -1;
    for (let quietSince = Date.now(); ;) {
        const [count, queued] = [await sink.count(), await rig.queued()];
        if (count !== arrived || queued !== 0) quietSince = Date.now();
        if (Date.now() - quietSince >= quietFor) return 0;
        if (Date.now() > deadline) return queued ?? 1;
        arrived = count;
        await delay(pollMs, undefined, { signal });
    }
}
