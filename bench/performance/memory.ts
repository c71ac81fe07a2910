import { MemoryWatch } from "../faults/memoryWatch";
import { busyTraffic } from "../load/plan";
import type { MemoryUnderOverload } from "../report/benchResult";
import { tierOf } from "./cost";
import type { CustodySubject } from "./custodySubject";
import { flawsOf, type Loaded, runLoad, type Tools } from "./load";
import { drained } from "./throughput";

const seconds = 20;
const pollMs = 500;
const patience = { retriesMs: 60_000, arrivalMs: 120_000 };

/** What custody takes when it is offered more than it can pass on. @param spansPerSecond twice what it sustains */
export async function memoryUnderOverload(
    subject: CustodySubject,
    spansPerSecond: number,
    tools: Tools,
): Promise<MemoryUnderOverload> {
    const { rig } = subject;
    const crashed = await rig.crashes();
    const watch = MemoryWatch.start(rig, pollMs);
    try {
        const loaded = await runLoad(subject, { spansPerSecond, seconds, shape: busyTraffic, patience }, tools);
        const queued = await drained(subject, tools);
        const flaws = flawsOf(loaded);
        if (flaws.length > 0) tools.tell(`memory: ${flaws.join(", ")}`);
        return {
            spansPerSecond,
            sentPerSecond: sentMeanwhile(loaded) / seconds,
            tiers: peaksByTier(watch.peaks),
            lost: loaded.verdict.lost,
            refused: loaded.refused,
            queued,
            crashes: (await rig.crashes()).filter((crash) => !crashed.includes(crash)),
        };
    } finally {
        watch.stop();
    }
}

/** Without what was sent again after the load. */
function sentMeanwhile({ sent, firstSentAt }: Loaded): number {
    const ends = firstSentAt + 1_000 * seconds;
    return sent.reduce((count, { sentAt }) => count + Number(sentAt < ends), 0);
}

/** Of each tier the replica that came nearest to its limit. */
export function peaksByTier(peaks: MemoryWatch["peaks"]): MemoryUnderOverload["tiers"] {
    const found: MemoryUnderOverload["tiers"] = {};
    for (const [replica, { bytes, limit }] of peaks) {
        const tier = tierOf(replica);
        if (!tier) continue;
        const known = found[tier];
        if (known && known.peakBytes / known.limitBytes >= bytes / limit) continue;
        found[tier] = { peakBytes: bytes, limitBytes: limit };
    }
    return found;
}
