import { InvalidInput } from "../errors";
import { at, type Config } from "./config";

/** A rule that a configuration breaks: which one, where, what stands there and what would do. */
export interface Violation {
    rule: string;
    path: string;
    got: unknown;
    allowed: string;
}

/** The rule that the value at a path keeps, or breaks. */
export function required(
    rule: string,
    config: Config,
    path: string[],
    holds: (value: unknown) => boolean,
    allowed: string,
): Violation[] {
    const got = at(config, ...path);
    return holds(got) ? [] : [{ rule, path: path.join("."), got, allowed }];
}

/** @throws InvalidInput that names every rule that is broken */
export function refuse(tier: string, violations: Violation[]): void {
    if (violations.length === 0) return;
    const sentences = violations.map(
        ({ rule, path, got, allowed }) =>
            `${path} is ${got === undefined ? "not set" : JSON.stringify(got)}; allowed: ${allowed} [${rule}]`,
    );
    throw new InvalidInput(`the configuration of ${tier} could lose acknowledged telemetry: ${sentences.join("; ")}`);
}
