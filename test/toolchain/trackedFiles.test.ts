import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { projectFolder } from "../support/stackSettings";

/** Where a pattern stands in what is committed or about to be; a running stack's own changes are not. */
function found(pattern: string, ...paths: string[]): string[] {
    const args = ["grep", "--cached", "-n", "-I", "-E", "-e", pattern, "--", ...paths];
    try {
        return execFileSync("git", args, { cwd: projectFolder, encoding: "utf8" }).trim().split("\n");
    } catch (error) {
        if ((error as { status?: number }).status === 1) return [];
        throw error;
    }
}

describe("what is tracked by git", () => {
    it("is found when it is there", () => {
        expect(found("^name: otel-collector-tiers$", "Pulumi.yaml")).toEqual([
            "Pulumi.yaml:1:name: otel-collector-tiers",
        ]);
    });

    it("has no key to anybody's secrets", () => {
        expect(found("^encryptionsalt:", ".")).toEqual([]);
        expect(found("secure: v1:", ".", ":!test")).toEqual([]);
    });

    it("has no path of one machine", () => {
        expect(found("(^|[^A-Za-z0-9._-])/(work|root|home/[a-z]+)/", ".")).toEqual([]);
    });

    it("has no host of a package registry", () => {
        expect(found("https?://[^/ ]*(registry|artifact|nexus|mirror|proxy)[^/ ]*/", ".")).toEqual([]);
        expect(found('"resolved": *"https?:', "package-lock.json")).toEqual([]);
        expect(found("^[^#]*registry *=", ".npmrc")).toEqual([]);
    });
});
