import type { Access } from "../../verify/access";

/** What an attack is aimed at. */
export interface Target {
    /** OTLP over gRPC, as "address:port". */
    grpc: string;
    /** OTLP over HTTP, as "http://address:port" or "https://address:port". */
    http: string;
    /** What its clients need. */
    access: Access;
}

/**
 * What became of one request, connection or flood. `closed`: the other end hung up. `unanswered`: neither an answer nor an
 * end in the time that was given. `unreachable`: there was nobody to talk to.
 */
export type Taken = "accepted" | "refused" | "closed" | "unanswered" | "unreachable";

export interface Answer {
    taken: Taken;
    /** A few words for the table: "HTTP 400". */
    said: string;
}

/** What an attack has at hand. */
export interface Attempt {
    target: Target;
    /** Its place among the attacks, which its trace ids carry. */
    place: number;
}

/** One thing that a hostile client does, bounded in count and time. */
export interface Attack {
    name: string;
    /** How much of what, for the table. */
    sends: string;
    /** The outcomes that are as they should be. Where `accepted` is none of them, nothing of it may arrive either. */
    allows: readonly Taken[];
    run(attempt: Attempt): Promise<Answer[]>;
}

/** An attack whose requests are all to be turned away. */
export const turnedAway: readonly Taken[] = ["refused", "closed"];
/** An attack that is telemetry all the same. */
export const allowed: readonly Taken[] = ["accepted", "refused"];

/** Does things, some at a time, in their order. */
export async function inTurns<T>(tasks: (() => Promise<T>)[], atOnce: number): Promise<T[]> {
    const results: T[] = [];
    const left = [...tasks.entries()];
    const worker = async () => {
        for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await next[1]();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return results;
}
