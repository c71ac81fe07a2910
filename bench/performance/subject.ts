import { ports } from "../../components/collector/ports";
import { queuedAt } from "../rigs/queued";

/** What a load goes through: collectors that are up, in tiers or alone. */
export interface Subject {
    readonly name: string;
    /** The collector that clients send to. */
    readonly entry: string;
    /** Where this machine reaches each of them: at the container itself, since the proxy of a published port costs CPU too. */
    addresses: () => Promise<Record<string, string>>;
    /** CPU seconds that each has taken, by its cgroup. */
    cpuSeconds: () => Promise<Record<string, number>>;
    remove: () => Promise<void>;
}

/** Where clients send, as a load plan has it. */
export async function clientsOf({ entry, addresses }: Subject): Promise<{ grpc: string[]; http: string[] }> {
    const { [entry]: address } = await addresses();
    return { grpc: [`${address}:${ports.otlpGrpc}`], http: [`http://${address}:${ports.otlpHttp}`] };
}

/** What is in all queues that show their size, bytes or requests; undefined while a collector does not answer. */
export async function queuedIn({ addresses }: Subject): Promise<number | undefined> {
    return queuedAt(Object.values(await addresses()).map((address) => `http://${address}:${ports.metrics}/metrics`));
}

type Opener = () => Promise<{ remove(): Promise<void> }>;
type Opened<T extends readonly Opener[]> = { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };

/** Opens things one after another, and in the end removes all of them, the last one first, whatever happens. */
export async function withAll<const T extends readonly Opener[]>(
    open: T,
    signal: AbortSignal,
    act: (opened: Opened<T>) => Promise<void>,
): Promise<void> {
    const opened: Awaited<ReturnType<Opener>>[] = [];
    try {
        for (const one of open) {
            signal.throwIfAborted();
            opened.push(await one());
        }
        await act(opened as Opened<T>);
    } finally {
        for (const one of opened.reverse()) {
            await one.remove().catch((error: Error) => process.stderr.write(`${error.message}\n`));
        }
    }
}
