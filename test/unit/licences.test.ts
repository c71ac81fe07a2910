import { describe, expect, it } from "vitest";
import {
    goDependencies,
    idleExceptions,
    isAllowed,
    type LicencePolicy,
    npmDependencies,
    refusedLicences,
} from "../../dependencies/licences";

const allowed = new Set(["MIT", "Apache-2.0", "BSD-3-Clause"]);

describe("an SPDX expression is met by allowed licences alone", () => {
    it.each([
        ["MIT", true],
        ["(MIT)", true],
        ["MIT OR GPL-3.0-only", true],
        ["(GPL-3.0-only OR MIT)", true],
        ["MIT AND Apache-2.0", true],
        ["MIT AND (GPL-2.0-only OR Apache-2.0)", true],
        ["GPL-3.0-only OR MIT AND Apache-2.0", true],
        ["((MIT OR GPL-3.0-only) AND BSD-3-Clause)", true],
        ["GPL-3.0-only", false],
        ["MIT AND GPL-3.0-only", false],
        ["GPL-3.0-only AND MIT OR GPL-2.0-only", false],
        ["(MIT OR GPL-3.0-only) AND GPL-2.0-only", false],
        ["Apache-2.0 WITH LLVM-exception", false],
        ["SEE LICENSE IN LICENSE", false],
        ["UNLICENSED", false],
        ["mit", false],
        ["(MIT", false],
        ["MIT)", false],
        ["MIT MIT", false],
        ["MIT OR", false],
        ["OR MIT", false],
        ["()", false],
        ["", false],
    ])("%j: %s", (expression, expected) => {
        expect(isAllowed(expression, allowed)).toBe(expected);
    });
});

const policy: LicencePolicy = {
    allowed,
    exceptions: [
        { names: ["data", "more-data"], licence: "CC-BY-3.0", reason: "no program" },
        { names: ["silent"], licence: undefined, reason: "read by hand: MIT" },
    ],
};

describe("dependencies", () => {
    it("with an allowed licence, or an exception of their own, are fine", () => {
        const fine = [
            { name: "a", licence: "MIT" },
            { name: "data", licence: "CC-BY-3.0" },
            { name: "more-data", licence: "CC-BY-3.0" },
            { name: "silent", licence: undefined },
        ];
        expect(refusedLicences(fine, policy)).toEqual([]);
        expect(idleExceptions(fine, policy)).toEqual([]);
    });

    it("with anything else are named with it", () => {
        const planted = [
            { name: "planted", licence: "GPL-3.0-only" },
            { name: "nothing", licence: undefined },
            { name: "empty", licence: "" },
        ];
        expect(refusedLicences([{ name: "a", licence: "MIT" }, ...planted], policy)).toEqual([
            "planted: GPL-3.0-only",
            "nothing: no licence found",
            "empty: ",
        ]);
    });

    it("are excepted with the licence that was looked at, and with no other", () => {
        const changed = [
            { name: "data", licence: "GPL-3.0-only" },
            { name: "silent", licence: "GPL-2.0-only" },
        ];
        expect(refusedLicences(changed, policy)).toEqual(["data: GPL-3.0-only", "silent: GPL-2.0-only"]);
        expect(idleExceptions(changed, policy)).toEqual(["data", "more-data", "silent"]);
    });

    it("are not excepted by another's exception", () => {
        expect(refusedLicences([{ name: "other", licence: "CC-BY-3.0" }], policy)).toEqual(["other: CC-BY-3.0"]);
    });
});

describe("the packages of a lock file", () => {
    it("are all of them, wherever they are installed, and not the project", () => {
        const lock = {
            packages: {
                "": { license: "Apache-2.0" },
                "node_modules/a": { license: "MIT" },
                "node_modules/a/node_modules/@scope/b": { license: "GPL-3.0-only" },
                "node_modules/linked": { link: true },
            },
        };
        expect(npmDependencies(lock, () => undefined)).toEqual([
            { name: "a", licence: "MIT" },
            { name: "@scope/b", licence: "GPL-3.0-only" },
        ]);
    });

    it.each([
        [{ license: "ISC" }, "ISC"],
        [{ license: { type: "MIT" } }, "MIT"],
        [{ licenses: [{ type: "MIT" }] }, "MIT"],
        [{ licenses: [{ type: "GPL-2.0-only" }, { type: "MIT" }] }, "GPL-2.0-only OR MIT"],
        [{ licenses: ["MIT"] }, "MIT"],
        [{ licenses: [{}] }, "?"],
        [{ licenses: [] }, undefined],
        [{}, undefined],
        [undefined, undefined],
    ])("that the lock file says nothing about have what their package.json says: %j", (manifest, licence) => {
        const lock = { packages: { "node_modules/old": {} } };
        const asked: string[] = [];
        const found = npmDependencies(lock, (folder) => {
            asked.push(folder);
            return manifest;
        });
        expect(found).toEqual([{ name: "old", licence }]);
        expect(asked).toEqual(["node_modules/old"]);
    });
});

it("the modules of a Go binary have the licences that its SBOM says were detected", () => {
    const licences = (...ids: string[]) => ({ licenses: ids.map((id) => ({ license: { id } })) });
    const components = [
        { name: "one", evidence: licences("MIT") },
        { name: "two", evidence: licences("MIT", "AGPL-3.0-only") },
        { name: "none" },
        { name: "empty", evidence: licences() },
    ];
    const found = goDependencies({ components });
    expect(found.map(({ licence }) => licence)).toEqual(["MIT", "MIT AND AGPL-3.0-only", undefined, undefined]);
    expect(refusedLicences(found, policy)).toEqual([
        "two: MIT AND AGPL-3.0-only",
        "none: no licence found",
        "empty: no licence found",
    ]);
});
