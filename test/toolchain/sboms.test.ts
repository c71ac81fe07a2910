import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { npmSbom } from "../../dependencies/npmSbom";
import { subjects } from "../../toolchain/steps/sboms.mjs";
import { missing } from "../support/missing";
import { projectFolder } from "../support/stackSettings";

interface Bom {
    bomFormat: string;
    metadata: { component: { name: string }; properties?: { name: string; value: string }[] };
    components: { name: string; version: string; purl: string; hashes?: { alg: string; content: string }[] }[];
}

/** What would make two SBOMs of the same thing differ. */
const ofOneRun = /"(serialNumber|timestamp)"|otel-collector-tiers\/(go|building-)/;

describe.each(subjects)("the SBOM of the image $image", ({ binary, sbom }) => {
    it("is of the binary that is in it, and names every module with version and sum", ({ skip }) => {
        skip(!existsSync(sbom), missing.sboms);
        const text = readFileSync(sbom, "utf8");
        const { bomFormat, metadata, components } = JSON.parse(text) as Bom;
        expect(bomFormat).toBe("CycloneDX");
        const hash = metadata.properties?.find(({ name }) => name === "cdx:gomod:binary:hash:SHA-256")?.value;
        expect(hash).toBe(createHash("sha256").update(readFileSync(binary)).digest("hex"));
        const summed = components.filter(
            ({ version, hashes }) => version && hashes?.some(({ alg }) => alg === "SHA-256"),
        );
        const others = components.filter((one) => !summed.includes(one)).map(({ name }) => name);
        expect(others).toEqual(["std"]);
        expect(text).not.toMatch(ofOneRun);
    });
});

describe("the SBOM of the npm packages", () => {
    const made = npmSbom(projectFolder, "this-project") as unknown as Bom;

    it("names every package of the lock file, and the project", () => {
        const lock = JSON.parse(readFileSync(join(projectFolder, "package-lock.json"), "utf8")) as {
            packages: Record<string, { version: string }>;
        };
        const locked = Object.entries(lock.packages).flatMap(([folder, { version }]) =>
            folder ? [`${folder.split("node_modules/").pop()}@${version}`] : [],
        );
        expect(new Set(made.components.map(({ name, version }) => `${name}@${version}`))).toEqual(new Set(locked));
        expect(made.metadata.component.name).toBe("this-project");
    });

    it("is the same each time", () => {
        expect(npmSbom(projectFolder, "this-project")).toEqual(made);
        expect(JSON.stringify(made)).not.toMatch(ofOneRun);
    });
});
