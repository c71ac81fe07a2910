import { invalid, InvalidInput } from "../../errors";
import { catalogue, isRuleId, type RuleId, ruleIds } from "./catalogue";
import { sentenceOf, type Violation } from "./violation";

/**
 * Refuses what breaks a rule, unless somebody has waived that rule.
 * @param whose configuration it is, for the error
 * @param waived the rules that may be broken
 * @throws InvalidInput that names every rule that is broken, and what would be given up without it
 */
export function refuse(whose: string, violations: Violation[], waived: readonly RuleId[] = []): void {
    const refused = violations.filter(({ rule }) => !waived.includes(rule));
    if (refused.length === 0) return;
    const sentences = refused.map((violation) => `${sentenceOf(violation)} [${violation.rule}]`);
    const given = rulesOf(refused).map((rule) => catalogue[rule].guarantee);
    throw new InvalidInput(
        `the configuration of ${whose} breaks what is promised: ${sentences.join("; ")}; ` +
            `with the rule in \`waived\` it is taken, and this is given up: ${given.join("; ")}`,
    );
}

/**
 * The waived rules that are broken, in the catalogue's order: what is given up.
 * @throws InvalidInput for one that is not broken, because it would let the next mistake through unseen
 */
export function givenUp(violations: Violation[], waived: readonly RuleId[]): RuleId[] {
    const broken = rulesOf(violations);
    const idle = waived.filter((rule) => !broken.includes(rule));
    if (idle.length === 0) return broken.filter((rule) => waived.includes(rule));
    const [one = ""] = idle;
    throw invalid("waived", one, "rules that are broken; this one holds, and its waiver would hide the next mistake");
}

/** What is given up with a rule, as a stack tells it. */
export const givenUpText = (rule: RuleId) => `${rule}: ${catalogue[rule].guarantee}`;

/** What an unknown id was probably meant to be, for the error. */
export function allowedFor(id: unknown): string {
    const near = ruleIds
        .map((rule) => [rule, edits(String(id), rule)] as const)
        .sort(([, one], [, other]) => one - other)
        .slice(0, 3);
    return `the id of a rule, such as ${near.map(([rule]) => rule).join(", ")}`;
}

/** @throws InvalidInput for an id that no rule has */
export function requireRules(what: string, ids: readonly string[]): void {
    const unknown = ids.find((id) => !isRuleId(id));
    if (unknown !== undefined) throw invalid(what, unknown, allowedFor(unknown));
}

const rulesOf = (violations: Violation[]) => ruleIds.filter((id) => violations.some(({ rule }) => rule === id));

/** How many letters to add, leave out or change until one text is the other. */
function edits(from: string, to: string): number {
    let row = Array.from({ length: to.length + 1 }, (_, length) => length);
    for (const [index, letter] of [...from].entries()) {
        const next = [index + 1];
        for (const [column, other] of [...to].entries()) {
            const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
            next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}
