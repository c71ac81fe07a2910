export interface Column<Row> {
    title: string;
    cell: (row: Row) => string;
    /** Numbers are read from their last digit. */
    align?: "right";
}

/** Laid out as prettier leaves it, so that a document that a run has written passes the check of the sources. */
export function table<Row>(columns: Column<Row>[], rows: Row[]): string {
    const drawn = columns.map(({ title, cell, align }) => {
        const cells = [title, ...rows.map(cell)].map((text) => text.replaceAll("|", "\\|"));
        const width = Math.max(3, ...cells.map((text) => text.length));
        const [head, ...body] = cells.map((text) => (align ? text.padStart(width) : text.padEnd(width)));
        return [head, align ? `${"-".repeat(width - 1)}:` : "-".repeat(width), ...body];
    });
    return drawn[0]!.map((_, line) => `| ${drawn.map((column) => column[line]).join(" | ")} |`).join("\n");
}
