import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../commands/sbom";

const { subjects } = vi.hoisted(() => ({ subjects: [] as { image: string; sbom: string }[] }));
vi.mock("../../toolchain/steps/sboms.mjs", () => ({ subjects }));

let folder: string;
let said: string[];
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sbom-"));
    said = [];
    vi.spyOn(console, "log").mockImplementation((text: string) => said.push(text.replace(folder, "FOLDER")));
});
afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
});

it("every SBOM is a file in the folder that is named, and of an image that was pulled it is said that there is none", async () => {
    const made = join(folder, "made.json");
    const text = '{"components": [{}, {}]}';
    writeFileSync(made, text);
    subjects.push({ image: "built", sbom: made }, { image: "pulled", sbom: join(folder, "nothing.json") });

    const out = join(folder, "deeper", "out");
    expect(await main(["--out", out])).toBe(0);
    expect(readdirSync(out).sort()).toEqual(["built.cdx.json", "npm.cdx.json"]);
    expect(readFileSync(join(out, "built.cdx.json"), "utf8")).toBe(text);
    const npm = JSON.parse(readFileSync(join(out, "npm.cdx.json"), "utf8")) as { components: unknown[] };
    expect(said).toEqual([
        "FOLDER/deeper/out/built.cdx.json: 2 components",
        "pulled: no SBOM, because its official image was pulled and nothing was built here: ask its vendor for one",
        `FOLDER/deeper/out/npm.cdx.json: ${npm.components.length} components`,
    ]);
});

it("an unknown option is refused with those that there are", async () => {
    await expect(main(["--format", "spdx"])).rejects.toThrow(/'--format'; npm run sbom -- takes --out$/);
});
