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

/** What an lb may have had for a moment on its way from one ring to the next: those who stay, and any of the others. */
export interface PassingRing extends Period {
    /** Every endpoint that such a ring may give a trace to. */
    endpoints: (traceId: string) => string[];
    gateways: Record<string, string>;
}

/** Who comes and goes at once does so one by one, in no order, and an lb may look meanwhile, more often than whoever watches from outside. */
export function passingRings(spells: RingSpell[]): PassingRing[] {
    return inOneGo(spells).map(({ from, until, rings }) => {
        const gateways = Object.assign({}, ...rings) as Record<string, string>;
        const all = Object.keys(gateways);
        const stays = new Set(all.filter((endpoint) => rings.every((ring) => endpoint in ring)));
        return { from, until, endpoints: candidates(all, stays), gateways };
    });
}

/** The changes of which one began before every lb had the one before it, together. */
function inOneGo(spells: RingSpell[]): (Period & { rings: Record<string, string>[] })[] {
    const together: (Period & { rings: Record<string, string>[] })[] = [];
    for (const [index, { from, settled, endpoints }] of spells.slice(1).entries()) {
        const last = together.at(-1);
        if (last && from <= last.until) {
            last.until = Math.max(last.until, settled);
            last.rings.push(endpoints);
        } else {
            together.push({ from, until: settled, rings: [spells[index]?.endpoints ?? {}, endpoints] });
        }
    }
    return together;
}

/** Clockwise from the trace: each endpoint that may be missing, up to one that is surely there. */
function candidates(endpoints: string[], stays: Set<string>): (traceId: string) => string[] {
    const rings = new Map<string, (traceId: string) => string | undefined>();
    const ownerAmong = (left: string[]) => {
        const key = left.join();
        const owner = rings.get(key) ?? hashRing(left);
        rings.set(key, owner);
        return owner;
    };
    const from = (left: string[], traceId: string): string[] => {
        const owner = ownerAmong(left)(traceId);
        if (owner === undefined) return [];
        const others = left.filter((endpoint) => endpoint !== owner);
        return stays.has(owner) ? [owner] : [owner, ...from(others, traceId)];
    };
    return (traceId) => from(endpoints, traceId);
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
