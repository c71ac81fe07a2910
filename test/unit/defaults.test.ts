import { expect, it } from "vitest";
import { withDefaults } from "../../components/defaults";

interface Args {
    name: string;
    count?: number;
    flag?: boolean;
    text?: string;
}

const defaults = { count: 3, flag: true } satisfies Partial<Args>;

it("a default takes the place of what is left out", () => {
    expect(withDefaults<Args, typeof defaults>({ name: "x" }, defaults)).toEqual({ name: "x", count: 3, flag: true });
});

it("a default takes the place of undefined", () => {
    const args: Args = { name: "x", count: undefined, text: undefined };
    expect(withDefaults(args, defaults)).toEqual({ name: "x", count: 3, flag: true });
});

it("what is given stays, also when it is falsy", () => {
    const args: Args = { name: "x", count: 0, flag: false, text: "" };
    expect(withDefaults(args, defaults)).toEqual(args);
});

it("neither the arguments nor the defaults change", () => {
    const args: Args = { name: "x" };
    withDefaults(args, defaults);
    expect(args).toEqual({ name: "x" });
    expect(defaults).toEqual({ count: 3, flag: true });
});
