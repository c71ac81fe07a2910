import { join, type Span } from "./join";
import { latencies } from "./latency";
import { countMisrouted } from "./misrouted";
import { changesOf, ringsOf } from "./rings";
import { shares } from "./shares";
import { countSplits } from "./splits";
import type { Judge } from "./verdict";

/** A trace on several gateways counts for the one that it arrived from first. */
export const judge: Judge = (sent, arrivals, spells) => {
    const { spans, traces, landings, invented } = join(sent, arrivals);
    const rings = ringsOf(spells);
    return {
        acknowledged: count(spans, wasAcknowledged),
        lost: count(spans, (span) => wasAcknowledged(span) && !hasArrived(span)),
        invented,
        duplicated: landings.length - count(spans, hasArrived),
        ...countSplits(traces, changesOf(spells, rings)),
        misrouted: countMisrouted(landings, spells, rings),
        shares: shares(
            traces.map(({ gateways }) => gateways[0]),
            spells.flatMap(({ endpoints }) => Object.values(endpoints)),
        ),
        latencyMs: latencies(spans),
    };
};

const wasAcknowledged = ({ sent }: Span) => sent.acknowledgedAt > 0;
const hasArrived = ({ firstArrivedAt }: Span) => firstArrivedAt < Infinity;
const count = (spans: Span[], is: (span: Span) => boolean) => spans.reduce((sum, span) => sum + Number(is(span)), 0);
