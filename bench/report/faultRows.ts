import type { FaultRow } from "./row";

/** What everybody deploys is there to compare with: its rows have no bars, unless they are controls. */
export const isJudged = ({ profile, control, skipped }: FaultRow) =>
    skipped === undefined && (control || profile === "custody");

/** The bars that a run of the lab missed, in a sentence each, and the scenario that missed them. */
export function faultRowsMissed(rows: FaultRow[]): string[] {
    const judged = rows.filter(isJudged);
    const missed = judged.filter(({ passed }) => !passed).flatMap((row) => reasons(row).map(at(row)));
    const blind = judged.some(({ control }) => control)
        ? []
        : ["No negative control ran: nothing shows that this lab can see loss."];
    return [...missed, ...blind];
}

export const rig = ({ platform, resolver, profile }: FaultRow) => `${platform}, ${resolver}, ${profile}`;

function reasons({ control, missed }: FaultRow): string[] {
    if (control) return ["A negative control showed neither loss nor split traces: the lab is broken."];
    return missed.length > 0 ? missed : ["It did not pass, and does not say why."];
}

const at = (row: FaultRow) => (sentence: string) => `${row.scenario} (${rig(row)}): ${sentence}`;
