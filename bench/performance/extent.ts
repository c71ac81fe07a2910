import { invalid } from "../../components/errors";
import type { BenchResult } from "../report/benchResult";
import type { Rounds } from "./sideBySide";

/** What can be measured by itself. */
export const parts = ["cost", "latency", "throughput", "memory", "balance", "tuning"] as const;
export type Part = keyof BenchResult & (typeof parts)[number];

/** What is measured, and how thoroughly. */
export interface Extent {
    parts: Part[];
    /** For cost and latency, one after another. */
    rounds: Rounds[];
    /** For balance. */
    gateways: number[];
    tuning: Rounds;
}

const quickParts: Part[] = ["cost", "latency", "balance"];
const tuning: Rounds = { spansPerSecond: 5_000, rounds: 3, seconds: 5 };

/**
 * @param only parts with commas between them; all of them when absent
 * @param quick less of each, and nothing that takes minutes: for CI
 */
export function extentOf({ only, quick }: { only?: string; quick?: boolean }): Extent {
    const asked = only?.split(",").map(partNamed) ?? parts;
    return {
        parts: quick ? quickParts.filter((part) => asked.includes(part)) : [...asked],
        rounds: quick
            ? [{ spansPerSecond: 5_000, rounds: 2, seconds: 3 }]
            : [1_000, 5_000, 10_000].map((spansPerSecond) => ({ spansPerSecond, rounds: 5, seconds: 6 })),
        gateways: quick ? [1, 3] : [1, 2, 3, 4, 5, 6, 7, 8],
        tuning,
    };
}

function partNamed(name: string): Part {
    const part = parts.find((one) => one === name);
    if (!part) throw invalid("--only", name, parts.join(", "));
    return part;
}
