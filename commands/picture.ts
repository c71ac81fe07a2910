import type { StackOutputs } from "../engine/stack";

const mostGateways = 6;
const sink = "a local file, bounded by rotation";

/** The topology as text, for a terminal. */
export function picture({ grpc, gateways, backends, resolver }: StackOutputs): string {
    const workers = gateways.length > 0 ? shortened(gateways.map(firstLabel)) : ["as many as its scaler says"];
    const columns = [
        column("", ["telemetry ─> "]),
        column("load balancers", grpc),
        column("", fork(workers.length, ` ─ ${resolver} ─`)),
        column("gateways", workers),
        column("", join(workers.length)),
        column("", ["external gateway ─> "]),
        column("backends", backends.length > 0 ? backends : [sink]),
    ];
    const height = Math.max(...columns.map(({ length }) => length));
    const rows = Array.from({ length: height }, (_, row) =>
        columns.map((cells) => (cells[row] ?? "").padEnd(width(cells))).join(""),
    );
    return rows.map((row) => `  ${row}`.trimEnd()).join("\n");
}

const column = (title: string, cells: string[]) => [title, ...cells];
const width = (cells: string[]) => Math.max(...cells.map(({ length }) => length));

/** One line that becomes many, its stem in the first row. */
function fork(count: number, stem: string): string[] {
    const branches = edges(count, { only: "─", first: "┬", middle: "├", last: "└" });
    return branches.map((branch, row) => `${row === 0 ? stem : " ".repeat(stem.length)}${branch}─> `);
}

/** Many lines that become one, in the first row. */
function join(count: number): string[] {
    const branches = edges(count, { only: "─", first: "┬", middle: "┤", last: "┘" });
    return branches.map((branch, row) => ` ─${branch}${row === 0 ? "─> " : ""}`);
}

function edges(count: number, marks: { only: string; first: string; middle: string; last: string }): string[] {
    if (count === 1) return [marks.only];
    return [marks.first, ...Array<string>(count - 2).fill(marks.middle), marks.last];
}

/** Of a host name in a cluster, what tells it from the others. */
const firstLabel = (host: string) => host.split(".")[0] ?? host;

function shortened(names: string[]): string[] {
    if (names.length <= mostGateways) return names;
    return [...names.slice(0, 3), `... ${names.length - 4} more`, ...names.slice(-1)];
}
