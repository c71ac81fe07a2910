import { createServer } from "node:net";

/** Whoever has some may not listen yet. */
const handedOut = new Set<number>();

/** Ports that nobody listens on, and nobody else of this process has; with room beside each, for several lbs. */
export async function freePorts(count: number): Promise<number[]> {
    const base = 15_000 + Math.floor(Math.random() * 1_000) * 10;
    const candidates = Array.from({ length: count }, (_, index) => base + index * 40);
    if (candidates.some((port) => handedOut.has(port))) return freePorts(count);
    for (const port of candidates) handedOut.add(port);
    const free = await Promise.all(candidates.map(isFree));
    return free.every(Boolean) ? candidates : freePorts(count);
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
}
