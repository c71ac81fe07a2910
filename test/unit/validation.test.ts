import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import type { Identified } from "../../components/platform/validated";
import { validateNew, type Verdict } from "../../components/platform/validation";

const gateway: Identified = { tier: "gateway", image: "some:1", identity: "sha256:1", text: "token: SECRET" };
const lb: Identified = { ...gateway, tier: "lb", text: "other: text" };

let cache: string;
beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "otel-collector-tiers-cache-"));
    vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(cache, { recursive: true });
});

const folder = () => join(cache, "otel-collector-tiers", "validated");
const remembered = () => readdirSync(folder());

/** @returns the tiers that were asked about */
async function validate(collectors: Identified[], verdict: Partial<Verdict> = {}): Promise<string[]> {
    const asked: string[] = [];
    await validateNew(collectors, (unknown) => {
        asked.push(...unknown.map(({ tier }) => tier));
        return Promise.resolve(unknown.map(({ tier }) => ({ tier, exitCode: 0, said: "", ...verdict })));
    });
    return asked;
}

describe("what a collector has taken", () => {
    it("is not asked again; another text is, and another image", async () => {
        expect(await validate([gateway, lb])).toEqual(["gateway", "lb"]);
        expect(await validate([gateway, lb])).toEqual([]);
        expect(await validate([{ ...gateway, text: "changed" }, lb])).toEqual(["gateway"]);
        expect(await validate([gateway, { ...lb, identity: "sha256:2" }])).toEqual(["lb"]);
    });

    it("is remembered by nothing that tells what it was", async () => {
        await validate([gateway]);
        const [file = "", ...others] = remembered();
        expect(others).toEqual([]);
        expect(file).toMatch(/^[0-9a-f]{64}$/);
        expect(readFileSync(join(folder(), file), "utf8")).toBe("");
    });

    it("is asked again where nothing can be remembered", async () => {
        writeFileSync(join(cache, "otel-collector-tiers"), "no folder");
        expect(await validate([gateway])).toEqual(["gateway"]);
        expect(await validate([gateway])).toEqual(["gateway"]);
    });

    it("is forgotten when 256 others have been of use since", async () => {
        await validate([gateway]);
        await validate([lb]);
        for (const file of remembered()) utimesSync(join(folder(), file), 1, 1);
        await validate([gateway]);
        for (let index = 0; index < 254; index++) writeFileSync(join(folder(), `${index}`), "");
        await validate([{ ...gateway, text: "one more" }]);
        expect(remembered()).toHaveLength(256);
        expect(await validate([gateway, lb])).toEqual(["lb"]);
    });
});

describe("what a collector does not take", () => {
    const said =
        "2026-01-01T00:00:00Z info starting\nError: decoding failed:\n\n'exporters' has invalid keys: nonsense\n";

    it("is refused in its words, each time", async () => {
        const refusal = new InvalidInput(
            "the collector does not take the configuration of gateway: decoding failed: 'exporters' has invalid keys: nonsense",
        );
        await expect(validate([gateway], { exitCode: 1, said })).rejects.toThrow(refusal);
        await expect(validate([gateway], { exitCode: 1, said })).rejects.toThrow(refusal);
    });

    it("is told of every tier, and those that are fine are remembered", async () => {
        const verdicts = (exitCode: number) => [
            { tier: "gateway", exitCode, said },
            { tier: "lb", exitCode: exitCode * 2, said: "" },
            { tier: "out", exitCode: 0, said: "" },
        ];
        const out = { ...gateway, tier: "out", text: "fine" };
        await expect(validateNew([gateway, lb, out], () => Promise.resolve(verdicts(1)))).rejects.toThrow(
            /of gateway: decoding.*; the collector does not take the configuration of lb: it said nothing and ended with 2$/,
        );
        expect(await validate([gateway, lb, out])).toEqual(["gateway", "lb"]);
    });

    it("is a warning, each time, where only a file is not there, which it may be where it is to run", async () => {
        const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
        const verdict = { exitCode: 1, said: "Error: open /certs/ca.pem: no such file or directory" };
        await validate([gateway], verdict);
        expect(await validate([gateway], verdict)).toEqual(["gateway"]);
        expect(warn).toHaveBeenCalledWith(
            "the configuration of gateway was not validated beforehand: open /certs/ca.pem: no such file or directory",
        );
    });

    it("is nothing that could not be asked", async () => {
        await validateNew([gateway], () => Promise.resolve([]));
        expect(await validate([gateway])).toEqual(["gateway"]);
    });
});
