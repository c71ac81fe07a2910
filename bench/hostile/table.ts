import { thousands } from "../report/numbers";
import { table } from "../report/table";
import type { HostileRow } from "./row";
import { percent } from "./verdict";

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const outcomes = (answers: HostileRow["answers"]) =>
    Object.entries(answers)
        .sort(([, one], [, other]) => other - one)
        .map(([outcome, count]) => `${outcome} ×${thousands(count)}`)
        .join(", ");

/** For a terminal and for a document. */
export function hostileTable(rows: HostileRow[]): string {
    return table(
        [
            { title: "attack", cell: ({ attack }) => attack },
            { title: "sent", cell: ({ sent }) => sent },
            { title: "answered", cell: ({ answers }) => outcomes(answers) },
            { title: "lb's memory", cell: ({ memoryPeak }) => mebibytes(memoryPeak), align: "right" },
            {
                title: "good traffic",
                cell: ({ good }) => (good.sent > 1 ? percent(good.acknowledged / good.sent) : ""),
                align: "right",
            },
            { title: "lost", cell: ({ good }) => thousands(good.lost), align: "right" },
            {
                title: "passed",
                cell: ({ passed, control }) => (passed ? (control ? "yes: it failed" : "yes") : "**no**"),
            },
        ],
        rows,
    );
}

/** Whatever was missed, in a sentence each, and where. */
export const hostileMissed = (rows: HostileRow[]) =>
    rows
        .filter(({ passed }) => !passed)
        .flatMap(({ attack, missed }) => missed.map((sentence) => `${attack}: ${sentence}`));
