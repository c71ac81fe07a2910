import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { goPolicy, npmPolicy } from "../../dependencies/licencePolicy";
import {
    goDependencies,
    type GoSbom,
    idleExceptions,
    type LockFile,
    type Manifest,
    npmDependencies,
    refusedLicences,
} from "../../dependencies/licences";
import { subjects } from "../../toolchain/steps/sboms.mjs";
import { missing } from "../support/missing";
import { projectFolder } from "../support/stackSettings";

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

function manifestOf(folder: string): Manifest | undefined {
    const file = join(projectFolder, folder, "package.json");
    return existsSync(file) ? (json(file) as Manifest) : undefined;
}

describe("licences of the npm packages", () => {
    const lock = json(join(projectFolder, "package-lock.json")) as LockFile;

    it("are known and allowed, and every exception is in use", () => {
        const found = npmDependencies(lock, manifestOf);
        expect(found.length).toBeGreaterThan(400);
        expect(refusedLicences(found, npmPolicy)).toEqual([]);
        expect(idleExceptions(found, npmPolicy)).toEqual([]);
    });

    it("one that is planted among them is found", () => {
        const planted = { packages: { ...lock.packages, "node_modules/planted": { license: "GPL-3.0-only" } } };
        expect(refusedLicences(npmDependencies(planted, manifestOf), npmPolicy)).toEqual(["planted: GPL-3.0-only"]);
    });
});

describe("licences of the Go modules in the images", () => {
    const modulesOf = (file: string) => goDependencies(json(file) as GoSbom);
    const withSboms = subjects.filter(({ sbom }) => existsSync(sbom));

    describe.each(subjects)("$image", ({ sbom }) => {
        it("are known and allowed, and one that is planted among them is found", ({ skip }) => {
            skip(!existsSync(sbom), missing.sboms);
            const modules = modulesOf(sbom);
            expect(modules.length).toBeGreaterThan(30);
            expect(refusedLicences(modules, goPolicy)).toEqual([]);
            const planted = { name: "example.com/planted", licence: "AGPL-3.0-only" };
            expect(refusedLicences([...modules, planted], goPolicy)).toEqual(["example.com/planted: AGPL-3.0-only"]);
        });
    });

    it("every exception is in use", ({ skip }) => {
        skip(withSboms.length < subjects.length, missing.sboms);
        expect(
            idleExceptions(
                withSboms.flatMap(({ sbom }) => modulesOf(sbom)),
                goPolicy,
            ),
        ).toEqual([]);
    });
});
