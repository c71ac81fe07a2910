import type { Join, Trace } from "./join";
import { overlap, passingRings, type Ring } from "./rings";
import type { RingSpell } from "./verdict";

/**
 * Stamped arrivals through a gateway that was never behind an endpoint to which a ring of their time gives their trace;
 * without any ring, all of them. Addresses may change hands before an lb looks at its ring again.
 */
export function countMisrouted(landings: Join["landings"], spells: RingSpell[], rings: Ring[]): number {
    const settled = rings.map((ring) => ({ ...ring, endpoints: (traceId: string) => [ring.endpoint(traceId)] }));
    const all = [...settled, ...passingRings(spells)].map((ring) => ({ ...ring, of: remembered(ring.endpoints) }));
    const isMisrouted = ({ span, arrival }: Join["landings"][number]) => {
        const { gateway, at: until } = arrival;
        if (gateway === undefined) return false;
        const ofItsTime = all.filter((ring) => overlap(ring, { from: span.sent.sentAt, until }));
        const endpoints = ofItsTime.flatMap(({ of }) => of(span.trace));
        return !ofItsTime.some(({ gateways }) => endpoints.some((one) => gateways[one ?? ""] === gateway));
    };
    return landings.reduce((count, landing) => count + Number(isMisrouted(landing)), 0);
}

/** A trace arrives many times, and hashing its id costs more than remembering. */
function remembered<T>(answer: (traceId: string) => T): (trace: Trace) => T {
    const known = new Map<Trace, T>();
    return (trace) => {
        const before = known.get(trace);
        if (before !== undefined) return before;
        const found = answer(trace.id);
        known.set(trace, found);
        return found;
    };
}
