import { hashRing } from "../../components";
import type { RingSpell } from "./verdict";

/** A time, both ends in it. */
export interface Period {
    from: number;
    until: number;
}

export const overlap = (one: Period, other: Period) => one.from <= other.until && other.from <= one.until;

/** A ring as a question: which gateway, by name, owns this trace? */
export function gatewayByRing(endpoints: Record<string, string>): (traceId: string) => string | undefined {
    const owner = hashRing(Object.keys(endpoints));
    return (traceId) => endpoints[owner(traceId) ?? ""];
}

/** A ring, and when any lb may have routed by it: until every lb routed by the next one. */
export interface Ring extends Period {
    owner: (traceId: string) => string | undefined;
    endpoint: (traceId: string) => string | undefined;
    /** The gateway behind each endpoint, for as long as this ring was the last. */
    gateways: Record<string, string>;
}

export function ringsOf(spells: RingSpell[]): Ring[] {
    return spells.map(({ from, endpoints: gateways }, index) => {
        const endpoint = hashRing(Object.keys(gateways));
        const owner = (traceId: string) => gateways[endpoint(traceId) ?? ""];
        return { from, until: spells[index + 1]?.settled ?? Infinity, owner, endpoint, gateways };
    });
}

/** The time in which some lbs route by one ring and some by the next. */
export interface Change extends Period {
    moves: (traceId: string) => boolean;
}

export function changesOf(spells: RingSpell[], rings: Ring[]): Change[] {
    return spells.slice(1).map(({ from, settled }, index) => ({
        from,
        until: settled,
        moves: (traceId) => rings[index]?.owner(traceId) !== rings[index + 1]?.owner(traceId),
    }));
}
