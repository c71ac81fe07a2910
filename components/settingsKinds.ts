import { z } from "zod";

/** A whole number in a range. */
export const whole = (least: number, most: number) => {
    const error = `a whole number from ${least} to ${most}`;
    return z.int(error).min(least, error).max(most, error);
};
export const oneOf = <T extends Record<string, string>>(values: T) => z.enum(values, Object.values(values).join(", "));
export const text = z.string("a text").min(1, "a text");

const imagePattern = "an image, and where it has an @, sha256: and 64 hexadecimal digits after it";
/** A reference to an image; with a digest it names that content, whatever becomes of its tag. */
export const image = text.regex(/^[^@\s]+(@sha256:[0-9a-f]{64})?$/, imagePattern);

export const textMap = z.record(z.string(), z.string("a text"), "a mapping of names to texts");
