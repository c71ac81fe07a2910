import { RunError } from "@pulumi/pulumi/errors";
import { describe, expect, it } from "vitest";
import { refuse } from "../../components/collector/rules";
import { invalid, InvalidInput } from "../../components/errors";

describe("the sentence of a mistake", () => {
    it("says what is wrong, what was given, what is allowed", () => {
        expect(invalid("gateways", 0, "a whole number").message).toBe("gateways is 0; allowed: a whole number");
        expect(invalid("image", undefined, "a text").message).toBe("image is not set; allowed: a text");
        expect(invalid("resolver", "x", "static").message).toBe('resolver is "x"; allowed: static');
    });

    it("is shown by the engine without a stack trace", () => {
        expect(RunError.isInstance(invalid("x", 1, "2"))).toBe(true);
    });
});

describe("refusing a configuration", () => {
    it("does nothing where no rule is broken", () => {
        expect(() => refuse("the lb tier", [])).not.toThrow();
    });

    it("names every rule that is broken, where, and what would do", () => {
        const violations = [
            { rule: "custody/a", path: "exporters.x.timeout", got: "5m", allowed: "0s" },
            { rule: "custody/b", path: "exporters.y", got: undefined, allowed: "true" },
        ];
        expect(() => refuse("the lb tier", violations)).toThrow(InvalidInput);
        expect(() => refuse("the lb tier", violations)).toThrow(
            "the configuration of the lb tier could lose acknowledged telemetry: " +
                'exporters.x.timeout is "5m"; allowed: 0s [custody/a]; ' +
                "exporters.y is not set; allowed: true [custody/b]",
        );
    });
});
