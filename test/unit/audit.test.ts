import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidInput } from "../../components/errors";
import { audit, auditOf, type Explanation, type Finding, openFindings } from "../../dependencies/audit";
import { type Advisory, FakeNpmRegistry } from "../support/fakeNpmRegistry";

const id = "GHSA-aaaa-bbbb-cccc";
const advisory: Advisory = {
    id: 1,
    url: `https://github.com/advisories/${id}`,
    title: "Pads on the wrong side",
    severity: "high",
    vulnerable_versions: "<2.0.0",
};
const finding: Finding = { id, package: "pad", severity: "high", title: "Pads on the wrong side" };

describe("what the real npm says of a project", () => {
    const packages = [
        { name: "parent", version: "1.0.0", dependencies: { pad: "1.0.0" } },
        { name: "pad", version: "1.0.0" },
    ];
    let folder: string;
    let registry: FakeNpmRegistry | undefined;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "audit-"));
        const root = { name: "root", version: "1.0.0", dependencies: { parent: "1.0.0" } };
        const installed = packages.map(({ name, ...rest }) => [`node_modules/${name}`, rest] as const);
        const lock = { ...root, lockfileVersion: 3, packages: { "": root, ...Object.fromEntries(installed) } };
        writeFileSync(join(folder, "package.json"), JSON.stringify(root));
        writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    });
    afterEach(async () => {
        await registry?.stop();
        rmSync(folder, { recursive: true });
    });

    async function auditWith(advisories: Record<string, Advisory[]> | undefined) {
        registry = await FakeNpmRegistry.start(advisories, packages);
        return audit(folder, [`--registry=${registry.url}`, `--cache=${join(folder, "cache")}`]);
    }

    it("is one finding for an advisory, however many packages lead to it", async () => {
        expect(await auditWith({ pad: [advisory] })).toEqual({ findings: [finding] });
    });

    it("is one for each advisory", async () => {
        const other = { ...advisory, id: 2, url: "https://github.com/advisories/GHSA-dddd-eeee-ffff" };
        const found = await auditWith({ pad: [advisory, other] });
        expect(found).toEqual({ findings: [finding, { ...finding, id: "GHSA-dddd-eeee-ffff" }] });
    });

    it("is nothing for an advisory about another version, or for none", async () => {
        expect(await auditWith({ pad: [{ ...advisory, vulnerable_versions: ">2" }] })).toEqual({ findings: [] });
    });

    it("is that the registry refuses, without its address", async () => {
        expect(await auditWith(undefined)).toEqual({ refused: expect.stringMatching(/^405 /) as string });
    });

    it("is that nobody answers", async () => {
        const gone = await FakeNpmRegistry.start({}, []);
        await gone.stop();
        const said = await audit(folder, [`--registry=${gone.url}`, `--cache=${join(folder, "cache")}`]);
        expect(said).toEqual({ refused: expect.stringMatching(/^request to the registry failed/) as string });
    });

    it("is an error, and no refusal, when it has no lock file to go by", async () => {
        rmSync(join(folder, "package-lock.json"));
        await expect(audit(folder)).rejects.toThrow(/^npm audit says what is no report: .*ENOLOCK/s);
    });
});

describe("what is no report of npm", () => {
    it.each([
        "",
        "null",
        "[]",
        "{}",
        '{"auditReportVersion":3,"vulnerabilities":{}}',
        '{"auditReportVersion":2}',
        "<p>",
    ])("is never taken for one without findings: %j", (output) => {
        expect(() => auditOf(output)).toThrow(InvalidInput);
    });
});

describe("findings", () => {
    const explained = (until: string, one = id): Explanation => ({ id: one, reason: "only in tests", until });
    const sentence = `${id} in pad (high: Pads on the wrong side)`;

    it.each<[string, Explanation[], string[]]>([
        ["are open without an explanation", [], [`${sentence} is not explained`]],
        ["are closed by one", [explained("2027-01-31")], []],
        ["are so on its last day", [explained("2026-11-25")], []],
        ["are open again after it", [explained("2026-11-24")], [`${sentence} was explained until 2026-11-24`]],
        [
            "are not closed by another's",
            [explained("2027-01-31", "GHSA-other")],
            [`${sentence} is not explained`, "GHSA-other is explained and not found any more"],
        ],
    ])("%s", (_, explanations, expected) => {
        expect(openFindings([finding], explanations, "2026-11-25")).toEqual(expected);
    });

    it("that are gone leave no explanation behind", () => {
        expect(openFindings([], [explained("2027-01-31")], "2026-11-25")).toEqual([
            `${id} is explained and not found any more`,
        ]);
        expect(openFindings([], [], "2026-11-25")).toEqual([]);
    });
});
