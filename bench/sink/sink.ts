import { join } from "node:path";
import { nextMessage, startProcess } from "../process";

/** `take`: acknowledges; `refuse`: nobody listens; `error`: 503 or UNAVAILABLE; `hang`: takes connections, and never answers. */
export type SinkMode = "take" | "refuse" | "error" | "hang";

/** A backend in a process of its own, which takes traces over gRPC and HTTP and remembers every span. */
export interface Sink {
    /** Where it listens, as "http://address:port". */
    endpoint: Record<"grpc" | "http", string>;
    mode(mode: SinkMode): Promise<void>;
    /** Arrivals so far, doubles included. */
    count(): Promise<number>;
    /** Forgets everything that has arrived. */
    forget(): Promise<void>;
    /** Writes all arrivals so far: see `readArrivals`. */
    save(file: string): Promise<{ gateways: string[] }>;
    close(): Promise<void>;
}

/** What it is asked, and answers. */
export type SinkRequest =
    | { type: "mode"; mode: SinkMode }
    | { type: "count" }
    | { type: "forget" }
    | { type: "save"; file: string }
    | { type: "close" };
export interface SinkAnswer {
    type: SinkRequest["type"];
    count: number;
    gateways: string[];
}
export interface SinkReady {
    type: "ready";
    ports: Record<"grpc" | "http", number>;
}

/** @param address where it listens; containers and pods must be able to reach it */
export async function startSink(address: string): Promise<Sink> {
    const child = startProcess(join(__dirname, "main.ts"), [address]);
    const { ports } = await nextMessage<SinkReady>(child, "ready");
    let last: Promise<unknown> = Promise.resolve();
    const ask = (request: SinkRequest): Promise<SinkAnswer> => {
        const answer = last.then(() => {
            child.send(request);
            return nextMessage<SinkAnswer>(child, request.type);
        });
        last = answer.catch(() => undefined);
        return answer;
    };
    return {
        endpoint: { grpc: `http://${address}:${ports.grpc}`, http: `http://${address}:${ports.http}` },
        mode: async (mode) => void (await ask({ type: "mode", mode })),
        count: async () => (await ask({ type: "count" })).count,
        forget: async () => void (await ask({ type: "forget" })),
        save: (file) => ask({ type: "save", file }),
        close: async () => void (await ask({ type: "close" })),
    };
}
