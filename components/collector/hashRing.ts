import { crc32 } from "node:zlib";

/** The ring of the load_balancing exporter at 0.161: its three constants and its rules, nothing else. */
const positions = 131_071;
const pointsPerEndpoint = 200;
const probes = 10;

interface Point {
    position: number;
    endpoint: string;
}

/**
 * Predicts the gateway of a trace, exactly as every lb computes it.
 * @param endpoints the resolver's text for each gateway, port included: "gateway-1:4317"
 * @returns the owner of a trace, given its id as 32 hexadecimal digits
 */
export function hashRing(endpoints: string[]): (traceId: string) => string | undefined {
    const points = ringPoints(endpoints);
    const next = nextPoints(points);
    return (traceId) => points[next[crc32(Buffer.from(traceId, "hex")) % positions] ?? 0]?.endpoint;
}

/** For each position the place of the point that owns it: the next one clockwise, and after the last the first again. */
function nextPoints(points: Point[]): Uint32Array {
    const next = new Uint32Array(positions);
    let from = 0;
    points.forEach(({ position }, place) => {
        next.fill(place, from, position + 1);
        from = position + 1;
    });
    return next;
}

function ringPoints(endpoints: string[]): Point[] {
    const taken = new Set<number>();
    const points: Point[] = [];
    for (const { position, endpoint } of candidates(endpoints)) {
        const free = firstFree(position, taken);
        if (free === undefined) continue;
        taken.add(free);
        points.push({ position: free, endpoint });
    }
    return points.sort((a, b) => a.position - b.position);
}

function candidates(endpoints: string[]): Point[] {
    return endpoints
        .flatMap((endpoint) =>
            Array.from({ length: pointsPerEndpoint }, (_, index) => {
                const hash = pointHash(endpoint, index);
                return { position: hash % positions, hash, endpoint };
            }),
        )
        .sort((a, b) => a.position - b.position || a.hash - b.hash || (a.endpoint < b.endpoint ? -1 : 1));
}

function pointHash(endpoint: string, index: number): number {
    const suffix = Buffer.alloc(4);
    suffix.writeUInt32LE(index);
    return crc32(Buffer.concat([Buffer.from(endpoint), suffix]));
}

function firstFree(position: number, taken: Set<number>): number | undefined {
    for (let probe = 0; probe < probes; probe++) {
        const candidate = (position + probe) % positions;
        if (!taken.has(candidate)) return candidate;
    }
    return undefined;
}
