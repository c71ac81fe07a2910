import { shareByRing } from "../check/shares";
import { untilWhole } from "../faults/settle";
import { faultTraffic, type TrafficShape } from "../load/plan";
import { traceOf } from "../records";
import type { Balance } from "../report/benchResult";
import { percent } from "../report/numbers";
import { largestDifference } from "../report/performanceBars";
import type { CustodySubject } from "./custodySubject";
import { flawsOf, runLoad, type Tools } from "./load";

/** Each trace in two requests. */
const shape: TrafficShape = { ...faultTraffic, requestsPerGroup: 2 };
/** 4 000 traces. */
const load = {
    spansPerSecond: 2_000,
    seconds: 4,
    shape,
    run: "bench",
    patience: { retriesMs: 10_000, arrivalMs: 10_000 },
};

/** What each gateway gets of the traces, and what the ring says it should, for each number of gateways. */
export async function balanceOf(subject: CustodySubject, gatewayCounts: number[], tools: Tools): Promise<Balance[]> {
    const { rig } = subject;
    const balance: Balance[] = [];
    for (const gateways of gatewayCounts) {
        tools.signal.throwIfAborted();
        await rig.up({ gateways });
        await untilWhole(rig);
        const endpoints = await rig.ring();
        const loaded = await runLoad(subject, load, tools, [{ from: 0, settled: 0, endpoints }]);
        const traces = new Set(loaded.sent.map(({ key }) => traceOf(key)));
        const at = { gateways, shares: compared(loaded.verdict.shares, shareByRing(endpoints, traces)) };
        const { splitInside, splitOutside, misrouted } = loaded.verdict;
        const flaws = [
            ...flawsOf(loaded),
            ...(splitInside + splitOutside > 0 ? [`${splitInside + splitOutside} traces split`] : []),
            ...(misrouted > 0 ? [`${misrouted} spans misrouted`] : []),
        ];
        tools.tell(
            [`balance of ${gateways}: off by ${percent(largestDifference(at), 1)} at most`, ...flaws].join(", "),
        );
        balance.push(at);
    }
    return balance;
}

function compared(measured: Record<string, number>, ring: Record<string, number>): Balance["shares"] {
    const gateways = new Set([...Object.keys(ring), ...Object.keys(measured)]);
    return Object.fromEntries(
        [...gateways].map((name) => [name, { measured: measured[name] ?? 0, ring: ring[name] ?? 0 }]),
    );
}
