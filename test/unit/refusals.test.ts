import { RunError } from "@pulumi/pulumi/errors";
import { describe, expect, it } from "vitest";
import { type RuleId } from "../../components/collector/rules/catalogue";
import { givenUp, givenUpText, refuse, requireRules } from "../../components/collector/rules/refuse";
import type { Violation } from "../../components/collector/rules/violation";
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

const retry: Violation = {
    rule: "custody/lb-retries-for-ever",
    path: "exporters.x.retry_on_failure.max_elapsed_time",
    got: "5m",
    allowed: "0s",
};
const queue: Violation = {
    rule: "custody/lb-queue-on-disk",
    path: "exporters.y.sending_queue.enabled",
    got: undefined,
    allowed: "true",
};

describe("refusing a configuration", () => {
    it("does nothing where no rule is broken", () => {
        expect(() => refuse("the lb tier", [])).not.toThrow();
    });

    it("names every rule that is broken, where, what would do, and what would be given up", () => {
        expect(() => refuse("the lb tier", [retry, queue, { ...queue, path: "z" }])).toThrow(
            new InvalidInput(
                "the configuration of the lb tier breaks what is promised: " +
                    'exporters.x.retry_on_failure.max_elapsed_time is "5m"; allowed: 0s [custody/lb-retries-for-ever]; ' +
                    "exporters.y.sending_queue.enabled is not set; allowed: true [custody/lb-queue-on-disk]; " +
                    "z is not set; allowed: true [custody/lb-queue-on-disk]; " +
                    "with the rule in `waived` it is taken, and this is given up: " +
                    "what an lb has acknowledged is on a disk that outlives it, until a gateway has answered for it; " +
                    "an lb sends what it has acknowledged until a gateway takes it, however long that takes",
            ),
        );
    });

    it("takes what breaks a rule that is waived, and nothing else", () => {
        const waived: RuleId[] = ["custody/lb-retries-for-ever"];
        expect(() => refuse("the lb tier", [retry], waived)).not.toThrow();
        expect(() => refuse("the lb tier", [retry, queue], waived)).toThrow(
            /promised: exporters\.y[^;]*; allowed: true/,
        );
    });
});

describe("what is given up", () => {
    it("is each waived rule that is broken, once", () => {
        const waived: RuleId[] = ["custody/lb-retries-for-ever", "custody/lb-queue-on-disk"];
        expect(givenUp([retry, queue, queue], waived)).toEqual([
            "custody/lb-queue-on-disk",
            "custody/lb-retries-for-ever",
        ]);
        expect(givenUp([retry], [])).toEqual([]);
    });

    it("is told with what the rule promises", () => {
        expect(givenUpText("custody/gateway-keeps-nothing-in-memory")).toBe(
            "custody/gateway-keeps-nothing-in-memory: a gateway owns nothing, and may be killed at any time without a loss",
        );
    });

    it("is never a rule that holds", () => {
        expect(() => givenUp([retry], ["custody/lb-retries-for-ever", "topology/limits-grow"])).toThrow(
            new InvalidInput(
                'waived is "topology/limits-grow"; allowed: rules that are broken; ' +
                    "this one holds, and its waiver would hide the next mistake",
            ),
        );
    });
});

describe("an id that no rule has is refused with those that are near", () => {
    it.each([
        ["custody/lb-queue-disk", "custody/lb-queue-on-disk"],
        ["gateway-is-synchronous", "custody/gateway-is-synchronous"],
        ["topology/limitsgrow", "topology/limits-grow"],
    ])("%s", (id, meant) => {
        const near = `^waived is "${id}"; allowed: the id of a rule, such as ${meant}, [a-z]+/[a-z-]+, [a-z]+/[a-z-]+$`;
        expect(() => requireRules("waived", [id])).toThrow(InvalidInput);
        expect(() => requireRules("waived", [id])).toThrow(new RegExp(near));
    });

    it.each(["toString", "", "custody"])("%j is none", (id) => {
        expect(() => requireRules("waived", [id])).toThrow(InvalidInput);
    });

    it("one that there is is taken", () => {
        expect(() => requireRules("waived", ["topology/limits-grow"])).not.toThrow();
    });
});
