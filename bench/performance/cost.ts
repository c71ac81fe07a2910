import { InvalidInput } from "../../components/errors";
import type { Cost } from "../report/benchResult";
import { type Tier, tiers } from "../rigs/rig";
import type { Loaded } from "./load";

/** CPU microseconds a span, in all and by tier. @throws when nothing arrived, because then nothing has a price */
export function costPerSpan({ cpuSeconds, arrived }: Pick<Loaded, "cpuSeconds" | "arrived">): Cost {
    if (arrived === 0) throw new InvalidInput("no span arrived, so there is no cost of one");
    const cost: Cost = { total: 0, byTier: {} };
    for (const [collector, seconds] of Object.entries(cpuSeconds)) {
        const micros = (1e6 * seconds) / arrived;
        const tier = tierOf(collector);
        cost.total += micros;
        if (tier) cost.byTier[tier] = (cost.byTier[tier] ?? 0) + micros;
    }
    return cost;
}

/** "gateway" of "gateway-2"; undefined for a collector that is in no tier. */
export function tierOf(collector: string): Tier | undefined {
    const workload = collector.replace(/-\d+$/, "");
    return tiers.find((tier) => tier === workload);
}
