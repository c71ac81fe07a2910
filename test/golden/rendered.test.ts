import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { goldenFiles, goldenStacks, renderedConfigs } from "../support/renderedConfigs";

describe("what is rendered is the golden file", () => {
    it.each(goldenFiles)("$file", async ({ file, render }) => {
        await expect(render()).toMatchFileSnapshot(join(__dirname, file));
        if (file.startsWith("closed-ingress")) expect(render()).not.toContain("SECRET");
    });

    it("and there is no golden file that nothing renders", () => {
        const files = readdirSync(__dirname).filter((file) => file.endsWith(".yaml"));
        expect(files.sort()).toEqual(goldenFiles.map(({ file }) => file).sort());
    });
});

describe("what changes from the defaults", () => {
    const differing = (stack: string) => {
        const [before, after] = [renderedConfigs({}), renderedConfigs(goldenStacks[stack] ?? {})];
        return Object.keys(before).filter((tier) => before[tier] !== after[tier]);
    };

    it("dns and the routing key concern the lb only", () => {
        expect(differing("dns")).toEqual(["load-balancer"]);
        expect(differing("routing-attributes")).toEqual(["load-balancer"]);
    });

    it("what is asked of clients concerns the lb only, what goes between the tiers each of them", () => {
        expect(differing("closed-ingress")).toEqual(["load-balancer"]);
        expect(differing("plain-text")).toEqual(["external-gateway", "gateway", "load-balancer"]);
    });

    it("backends concern the external gateway only", () => {
        expect(differing("two-backends")).toEqual(["external-gateway"]);
    });
});
