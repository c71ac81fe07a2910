import { writeFileSync } from "node:fs";
import { runBench } from "../bench/performance/bench";
import { extentOf, parts } from "../bench/performance/extent";
import type { BenchResult } from "../bench/report/benchResult";
import { readMachine } from "../bench/report/machine";
import { barTable, tuningTables } from "../bench/report/performance";
import { missedBars } from "../bench/report/performanceBars";
import { writePerformance } from "../bench/report/write";
import { abortedByInterrupt, interruptedCode } from "./interrupt";
import { parse } from "./options";
import { tell } from "./tell";

/** Measures what the data plane costs next to its peers, and writes it down; exit code 1 when a bar is missed. */
export async function main(args: string[]): Promise<number> {
    const { json, quick, ...options } = parse("npm run bench --", args, {
        only: { type: "string" },
        tuning: { type: "boolean" },
        quick: { type: "boolean" },
        json: { type: "string" },
    });
    const extent = extentOf({ only: options.tuning ? "tuning" : options.only, quick });
    const keep = (result: BenchResult) => json && writeFileSync(json, JSON.stringify(result, undefined, 2));
    keep({});

    const machine = await readMachine();
    const signal = abortedByInterrupt(tell);
    const result = await runBench(extent, { tell, signal, keep }).catch((error: Error) => {
        if (!signal.aborted) throw error;
        tell("interrupted; everything is removed");
        return undefined;
    });
    if (!result) return interruptedCode;

    const isWhole = !quick && parts.every((part) => extent.parts.includes(part));
    if (isWhole) writePerformance(result, machine);
    const missed = missedBars(result);
    console.log([barTable(result), ...(result.tuning ? tuningTables(result.tuning) : []), ...missed].join("\n\n"));
    return missed.length > 0 ? 1 : 0;
}
