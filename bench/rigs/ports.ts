import { createServer } from "node:net";

/** Ports that nobody listens on; neighbours in pairs, so that several lbs find room too. */
export async function freePorts(count: number): Promise<number[]> {
    const base = 15_000 + Math.floor(Math.random() * 1_000) * 10;
    const candidates = Array.from({ length: count }, (_, index) => base + index * 40);
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
