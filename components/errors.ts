import { RunError } from "@pulumi/pulumi/errors";

/** A mistake in what somebody asked for. The engine and the commands show its one sentence without a stack trace. */
export class InvalidInput extends RunError {
    // The engine's SDK inspects what it is thrown, which takes Node.js 20 and 22 half a minute for a stack in its sources.
    override readonly stack = undefined;
}

/**
 * The sentence that every mistake is told in: what is wrong, what was given, what is allowed.
 * @param what the setting, argument or key, as its owner writes it
 * @param got the value that was given
 * @param allowed the values that would do
 */
export function invalid(what: string, got: unknown, allowed: string): InvalidInput {
    return new InvalidInput(`${what} is ${shown(got)}; allowed: ${allowed}`);
}

/** A value for people. Mappings are told by their keys alone: their values may be secrets. */
export function shown(value: unknown): string {
    if (value === undefined) return "not set";
    if (Array.isArray(value)) return `[${value.map(shown).join(",")}]`;
    if (typeof value === "object" && value !== null)
        return `a mapping of ${Object.keys(value).join(", ") || "nothing"}`;
    return JSON.stringify(value);
}
