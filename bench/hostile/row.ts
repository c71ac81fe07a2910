import type { Attack } from "./attack";
import { missed, type Seen, tally } from "./verdict";

/** One attack: a line of the table and of the JSON. */
export interface HostileRow {
    attack: string;
    sent: string;
    /** How often each outcome was. */
    answers: Record<string, number>;
    /** The most that the collector under attack had in use, in bytes; of the others too, by name. */
    memoryPeak: number;
    memory: Seen["memory"];
    /** Spans of good clients meanwhile. */
    good: Seen["good"];
    /** Spans of the attack at the backend. */
    arrived: number;
    /** A negative control: it has to miss a bar. */
    control: boolean;
    passed: boolean;
    missed: string[];
}

/** The collector that the attacks are aimed at. */
const target = "load-balancer-1";

export function rowOf(attack: Attack, seen: Seen): HostileRow {
    const sentences = missed(attack, seen);
    return { ...base(attack, seen), control: false, passed: sentences.length === 0, missed: sentences };
}

/** @param mustMiss what has to be among the bars that it misses */
export function controlRow(attack: Attack, seen: Seen, mustMiss: RegExp): HostileRow {
    const sentences = missed(attack, seen);
    const isSeen = sentences.some((sentence) => mustMiss.test(sentence));
    const blind = [`nothing here can miss a bar: no sentence of ${JSON.stringify(sentences)} is ${mustMiss.source}`];
    return { ...base(attack, seen), control: true, passed: isSeen, missed: isSeen ? sentences : blind };
}

function base({ name, sends }: Attack, seen: Seen) {
    const { answers, memory, good, arrived } = seen;
    const { bytes } = memory[target] ?? Object.values(memory)[0] ?? { bytes: 0 };
    return { attack: name, sent: sends, answers: tally(answers), memoryPeak: bytes, memory, good, arrived };
}
