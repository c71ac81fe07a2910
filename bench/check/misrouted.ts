import type { Join, Trace } from "./join";
import { overlap, type Ring } from "./rings";

/**
 * Stamped arrivals through a gateway that was never behind the endpoint to which a ring of their time gives their trace;
 * without any ring, all of them. Addresses may change hands before an lb looks at its ring again.
 */
export function countMisrouted(landings: Join["landings"], rings: Ring[]): number {
    const ringsWithMemory = rings.map((ring) => ({ ...ring, endpoint: remembered(ring) }));
    const isMisrouted = ({ span, arrival }: Join["landings"][number]) => {
        const { gateway, at: until } = arrival;
        if (gateway === undefined) return false;
        const ofItsTime = ringsWithMemory.filter((ring) => overlap(ring, { from: span.sent.sentAt, until }));
        const endpoints = ofItsTime.map(({ endpoint }) => endpoint(span.trace));
        return !ofItsTime.some(({ gateways }) => endpoints.some((one) => gateways[one ?? ""] === gateway));
    };
    return landings.reduce((count, landing) => count + Number(isMisrouted(landing)), 0);
}

/** A trace arrives many times, and hashing its id costs more than remembering. */
function remembered({ endpoint }: Ring): (trace: Trace) => string | undefined {
    const known = new Map<Trace, string | undefined>();
    return (trace) => {
        if (!known.has(trace)) known.set(trace, endpoint(trace.id));
        return known.get(trace);
    };
}
