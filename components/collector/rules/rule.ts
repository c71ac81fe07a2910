/** What is said about a rule, to people. */
export interface Rule {
    /** What is promised while it holds, and given up where it is waived: one clause, without a full stop. */
    guarantee: string;
    /** What to do where it is broken: one sentence, without a full stop. */
    fix: string;
}

/** Rules by their ids, "family/name". */
export type Rules = Record<`${string}/${string}`, Rule>;
