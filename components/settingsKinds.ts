import { z } from "zod";

/** A whole number in a range. */
export const whole = (least: number, most: number) => {
    const error = `a whole number from ${least} to ${most}`;
    return z.int(error).min(least, error).max(most, error);
};
export const oneOf = <T extends Record<string, string>>(values: T) => z.enum(values, Object.values(values).join(", "));
export const text = z.string("a text").min(1, "a text");

export const textMap = z.record(z.string(), z.string("a text"), "a mapping of names to texts");
