import type { Trace } from "./join";
import { type Change, overlap } from "./rings";
import type { Verdict } from "./verdict";

/** Traces on more than one gateway, and how many of them the changes of the ring excuse. */
export function countSplits(
    traces: Trace[],
    changes: Change[],
): Pick<Verdict, "splitInside" | "splitOutside" | "predictedSplit"> {
    const counts = { splitInside: 0, splitOutside: 0, predictedSplit: 0 };
    for (const trace of traces) {
        const during = changes.filter((change) => overlap(change, trace));
        if (trace.gateways.length > 1) counts[during.length > 0 ? "splitInside" : "splitOutside"]++;
        if (mayBeSplit(trace) && during.some(({ moves }) => moves(trace.id))) counts.predictedSplit++;
    }
    return counts;
}

/** What goes in one request goes through one lb at one time, and so by one ring. */
const mayBeSplit = ({ from, lastSentAt }: Trace) => lastSentAt > from;
