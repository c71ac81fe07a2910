import { expect, test } from "vitest";
import { remedyIn } from "../../bench/rigs/recovery";
import { reasonOf } from "../../engine/reason";

test("a killed update's lock is taken away, as its message says", async () => {
    const told = await reasonOf(new Error("the stack is currently locked by 1 lock(s)"), [], {
        engine: undefined as never,
        name: "faults-1",
    });
    expect(remedyIn(told)).toEqual({ does: "unlock" });
});

test("the containers that a message names are removed, and no others", () => {
    const told = "a, b exist on Docker but not in the state of faults-1: remove them with: docker rm --force a b";
    expect(remedyIn(told)).toEqual({ does: "remove", containers: ["a", "b"] });
});

test("what somebody removed is made again", () => {
    const told = "the container 1234 was removed by hand; bring it back with: npm run pulumi -- up --refresh --stack a";
    expect(remedyIn(told)).toEqual({ does: "refresh" });
});

test("nothing is done about any other failure", () => {
    expect(remedyIn('gateways is "0"; allowed: a whole number from 1 to 100')).toBeUndefined();
});
