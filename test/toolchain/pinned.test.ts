import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import versions from "../../toolchain/versions.json";
import { projectFolder } from "../support/stackSettings";

const read = (file: string) => readFileSync(join(projectFolder, file), "utf8");
const tracked = (pattern: string) =>
    execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", pattern], {
        cwd: projectFolder,
        encoding: "utf8",
    })
        .trim()
        .split("\n");

type Versions = Record<string, string>;

interface PackageJson {
    dependencies?: Versions;
    devDependencies?: Versions;
    optionalDependencies?: Versions;
    peerDependencies?: Versions;
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;
const askedFor = (json: PackageJson) => kinds.flatMap((kind) => Object.entries(json[kind] ?? {}));
const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

describe("every version is exact", () => {
    it.each([
        ["1.2.3", true],
        ["1.2.3-rc.1", true],
        ["^1.2.3", false],
        ["~1.2.3", false],
        ["1.2", false],
        ["1.x", false],
        [">=1.2.3", false],
        ["latest", false],
        ["*", false],
        ["1.2.3 || 2.0.0", false],
        ["github:a/b", false],
    ])("%s: %s", (version, expected) => {
        expect(exact.test(version)).toBe(expected);
    });

    it.each(tracked("*package.json"))("%s", (file) => {
        const wanted = askedFor(JSON.parse(read(file)) as PackageJson);
        expect(wanted.filter(([, version]) => !exact.test(version))).toEqual([]);
        const isPart = wanted.length === 0; // of the project, whose packages it has
        expect(isPart || existsSync(join(projectFolder, dirname(file), "package-lock.json"))).toBe(true);
        expect(isPart).toBe(dirname(file) === "policy");
    });

    it("versions.json", () => {
        expect(Object.entries(versions).filter(([, version]) => !exact.test(version))).toEqual([]);
    });

    it("the lock file has every package of package.json at its version, and a checksum for each package", () => {
        const { packages } = JSON.parse(read("package-lock.json")) as {
            packages: Record<string, { version: string; integrity?: string } & PackageJson>;
        };
        const { "": root, ...others } = packages;
        const wanted = askedFor(JSON.parse(read("package.json")) as PackageJson);
        expect(askedFor(root ?? {})).toEqual(wanted);
        expect(wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)).toEqual([]);
        expect(Object.entries(others).filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
    });
});

describe("every recipe of Go modules is pinned", () => {
    // What go.sum lacks, a build refuses (-mod=readonly).
    it.each(tracked("*go.mod"))("%s", (file) => {
        const sums = join(dirname(file), "go.sum");
        const asksForOthers = /^(require|tool)\b/m.test(read(file));
        expect(existsSync(join(projectFolder, sums))).toBe(asksForOthers);
        if (asksForOthers) expect(read(sums)).toMatch(/^\S+ v\S+ h1:\S+=$/m);
    });

    it("the collector's manifest names exact versions, also of what it replaces", () => {
        const { dist, replaces, ...kindsOf } = parse(read("toolchain/collector/manifest.yaml")) as {
            dist: unknown;
            replaces: string[];
        } & Record<string, { gomod: string }[]>;
        expect(dist).toBeDefined();
        const modules = [...Object.values(kindsOf).flatMap((kind) => kind.map(({ gomod }) => gomod)), ...replaces];
        expect(modules.length).toBeGreaterThan(20);
        expect(modules.filter((one) => !/ v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
    });
});
