import { shown } from "../../errors";
import { at, type Config } from "../config";
import type { RuleId } from "./catalogue";

/** A rule that a configuration breaks: which one, where, what stands there and what would do. */
export interface Violation {
    rule: RuleId;
    path: string;
    got: unknown;
    allowed: string;
}

/** The rule that the value at a path keeps, or breaks. */
export function required(
    rule: RuleId,
    config: Config,
    path: string[],
    holds: (value: unknown) => boolean,
    allowed: string,
): Violation[] {
    const got = at(config, ...path);
    return holds(got) ? [] : [{ rule, path: path.join("."), got, allowed }];
}

/** What stands where, and what would do. */
export const sentenceOf = ({ path, got, allowed }: Violation) => `${path} is ${shown(got)}; allowed: ${allowed}`;
