import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchResult } from "./benchResult";
import { keepHandWritten } from "./handWritten";
import { performanceDocument } from "./performance";
import { reliabilityDocument } from "./reliability";
import type { FaultRow, Machine } from "./row";

const docs = join(__dirname, "../../docs");

/**
 * Writes docs/reliability.md and its plot; what stands there by hand stays.
 * @param folder where documents are, if not in this project
 */
export function writeReliability(rows: FaultRow[], machine: Machine, folder = docs): void {
    write(folder, "reliability.md", reliabilityDocument(rows, machine));
}

/** The same for docs/performance.md. */
export function writePerformance(result: BenchResult, machine: Machine, folder = docs): void {
    write(folder, "performance.md", performanceDocument(result, machine));
}

function write(
    folder: string,
    name: string,
    { markdown, plots }: { markdown: string; plots: Record<string, string> },
): void {
    const file = join(folder, name);
    const text = keepHandWritten(existing(file), markdown);
    for (const [plot, svg] of Object.entries(plots)) writeFileSync(join(folder, plot), svg);
    writeFileSync(file, text);
}

function existing(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}
