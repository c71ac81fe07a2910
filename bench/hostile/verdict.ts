import type { Answer, Attack } from "./attack";

/** What holds under attack. */
export const bars = {
    /** Times the limit that a collector's memory_limiter is set to. */
    memory: 1.25,
    /** Of the requests of good clients, sent once and not again, while an attack lasts. */
    acknowledged: 0.99,
};

/** What was seen while an attack lasted. */
export interface Seen {
    answers: Answer[];
    /** The most memory that each collector had in use, with the limit that its memory_limiter is set to. */
    memory: Record<string, { bytes: number; limit: number }>;
    /** Collectors that ended, in a sentence each. */
    crashes: string[];
    /** Spans of good clients. */
    good: { sent: number; acknowledged: number; lost: number };
    /** Spans of the attack at the backend. */
    arrived: number;
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The bars that were missed, in a sentence each. */
export function missed(
    { allows }: Pick<Attack, "allows">,
    { answers, memory, crashes, good, arrived }: Seen,
): string[] {
    const wrong = answers.filter(({ taken }) => !allows.includes(taken));
    const over = Object.entries(memory).filter(([, { bytes, limit }]) => bytes > bars.memory * limit);
    const share = good.acknowledged / good.sent;
    return [
        ...(answers.length === 0 ? ["nothing was sent"] : []),
        ...Object.entries(tally(wrong)).map(([said, count]) => `${count} times ${said}; allowed: ${allows.join(", ")}`),
        ...(arrived > 0 && !allows.includes("accepted") ? [`${arrived} of its spans arrived at the backend`] : []),
        ...crashes,
        ...over.map(
            ([name, { bytes, limit }]) =>
                `${name} used ${mebibytes(bytes)}; allowed: ${mebibytes(bars.memory * limit)}`,
        ),
        ...(good.sent === 0 ? ["no good client sent anything meanwhile"] : []),
        ...(share < bars.acknowledged ? [`${percent(share)} of the good traffic was acknowledged`] : []),
        ...(good.lost > 0 ? [`${good.lost} acknowledged spans of good clients were lost`] : []),
    ];
}

/** How often each outcome was, in the words of the table. */
export function tally(answers: Answer[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { taken, said } of answers) {
        const outcome = said.startsWith(taken) ? said : `${taken} (${said})`;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
}

export const percent = (share: number) => `${(100 * share).toFixed(share === 1 ? 0 : 2)} %`;
