import { describe, expect, it } from "vitest";
import { atLeast } from "../../toolchain/steps/pulumiCli.mjs";

describe("a CLI's version is new enough", () => {
    it.each([
        ["v3.218.0", "3.218.0", true],
        ["3.218.1", "3.218.0", true],
        ["v3.219.0", "3.218.9", true],
        ["v4.0.0", "3.218.0", true],
        ["v3.1000.0", "3.218.0", true],
        ["v3.259.0-alpha.1", "3.218.0", true],
        ["v3.217.9", "3.218.0", false],
        ["v3.99.0", "3.218.0", false],
        ["v2.300.0", "3.218.0", false],
        ["3.218.0", "3.218.1", false],
        ["", "3.218.0", false],
        ["not a version", "3.218.0", false],
    ])("%j for %s: %s", (version, oldest, expected) => {
        expect(atLeast(version, oldest)).toBe(expected);
    });
});
