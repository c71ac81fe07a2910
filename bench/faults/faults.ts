import { isJudged } from "../report/faultRows";
import type { FaultRow } from "../report/row";
import { emptyRow, type Lane, laneName, runLane } from "./lane";
import { Turns } from "./turns";

/** Rigs side by side on two cores: with more, what is measured is how long a busy machine takes to notice. */
const lanesAtOnce = { busy: 3, waiting: 2 };

export interface LabTools {
    bridge: string;
    /** Ends what is under way; all rigs are then taken down, and the run rejects. */
    signal: AbortSignal;
    /** Why a platform can not be used here; undefined where it can. */
    missing: Partial<Record<Lane["platform"], string>>;
    tell: (text: string) => void;
    /** Called with all rows so far, each time that there is one more. */
    rows: (rows: FaultRow[]) => void;
}

/** Runs lanes, some at a time. @returns a row for each scenario, in the order of the lanes */
export async function runFaults(lanes: Lane[], { bridge, signal, missing, tell, rows }: LabTools): Promise<FaultRow[]> {
    const byLane = lanes.map((): FaultRow[] => []);
    const all = () => byLane.flat();
    const total = lanes.reduce((sum, { scenarios }) => sum + scenarios.length, 0);
    const turns = new Turns();
    const worker = async (left: [number, Lane][]) => {
        for (let next = left.shift(); next; next = left.shift()) {
            const [place, lane] = next;
            const row = (one: FaultRow) => {
                byLane[place]?.push(one);
                rows(all());
                tell(`${all().length} of ${total}: ${laneName(lane)}: ${outcome(one)}`);
            };
            const reason = missing[lane.platform];
            if (reason === undefined) await runLane(lane, { bridge, signal, turns, tell, row });
            else for (const one of lane.scenarios) row(skippedRow(emptyRow(one, lane), reason));
        }
    };
    const busy = [...lanes.entries()].filter(([, { mostlyWaits }]) => !mostlyWaits);
    const waiting = [...lanes.entries()].filter(([, { mostlyWaits }]) => mostlyWaits);
    const workers = [
        ...Array.from({ length: lanesAtOnce.busy }, () => worker(busy)),
        ...Array.from({ length: lanesAtOnce.waiting }, () => worker(waiting)),
    ];
    const ended = await Promise.allSettled(workers); // each has taken its rigs down
    const failed = ended.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    return all();
}

export function skippedRow(row: ReturnType<typeof emptyRow>, reason: string): FaultRow {
    return { ...row, passed: true, missed: [], skipped: reason };
}

function outcome(row: FaultRow): string {
    const { scenario, skipped, passed, missed, acknowledged, lost, duplicated } = row;
    if (skipped !== undefined) return `${scenario}: skipped: ${skipped}`;
    const splits = `${row.splitInside} split of ${row.predictedSplit} predicted, ${row.splitOutside} outside`;
    const seen = `${acknowledged} acknowledged, ${lost} lost, ${duplicated} duplicated, ${splits}, ${Math.round(row.seconds)} s`;
    const judgement = passed ? "passed" : `MISSED: ${missed.join("; ")}`;
    return `${scenario}: ${isJudged(row) ? judgement : "for comparison"} (${seen})`;
}
