import type { StackOutputs } from "./stack";

const mostGateways = 6;
const sink = "a local file, bounded by rotation";

/** The topology as text, for a terminal. */
export function picture({ grpc, gateways, backends, resolver }: StackOutputs): string {
    const lbs = column("load balancers", grpc);
    const workers = column("gateways", shortened(gateways));
    const ends = column("backends", backends.length > 0 ? backends : [sink]);
    const height = Math.max(lbs.length, workers.length, ends.length);
    const rows = Array.from({ length: height }, (_, row) => {
        const arrow = row === 1 ? ["telemetry ─> ", ` ─ ${resolver} ─> `, " ─> external gateway ─> "] : ["", "", ""];
        const cells = [arrow[0], lbs[row], arrow[1], workers[row], arrow[2], ends[row]];
        const widths = [13, width(lbs), resolver.length + 7, width(workers), 24, 0];
        return cells
            .map((cell, index) => (cell ?? "").padEnd(widths[index] ?? 0))
            .join("")
            .trimEnd();
    });
    return rows.map((row) => `  ${row}`).join("\n");
}

const column = (title: string, entries: string[]) => [title, ...entries];
const width = (entries: string[]) => Math.max(...entries.map(({ length }) => length));

function shortened(names: string[]): string[] {
    if (names.length <= mostGateways) return names;
    return [...names.slice(0, 3), `... ${names.length - 4} more`, ...names.slice(-1)];
}
