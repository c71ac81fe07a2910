import { gatewayByRing } from "./rings";

const naturalOrder = new Intl.Collator("en", { numeric: true });

/** Each gateway's part of what has one, from 0 to 1, gateway-2 before gateway-10. */
export function shares(gateways: Iterable<string | undefined>, names: Iterable<string>): Record<string, number> {
    const counts = new Map<string, number>([...names].map((name) => [name, 0]));
    let total = 0;
    for (const gateway of gateways) {
        if (gateway === undefined) continue;
        counts.set(gateway, (counts.get(gateway) ?? 0) + 1);
        total++;
    }
    const ordered = [...counts].sort(([one], [other]) => naturalOrder.compare(one, other));
    return Object.fromEntries(ordered.map(([name, count]) => [name, total && count / total]));
}

/** What a ring makes of the traces that were really sent: random ids alone move the shares by more than 1 % of each. */
export function shareByRing(endpoints: Record<string, string>, traceIds: Iterable<string>): Record<string, number> {
    return shares(Array.from(traceIds, gatewayByRing(endpoints)), Object.values(endpoints));
}
