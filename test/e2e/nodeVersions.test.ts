import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { arch, homedir, platform } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Clone } from "./clone";

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "otel-collector-tiers");

/** Another Node.js, from the npm registry. */
function nodeOf(major: number): string {
    const folder = join(cache, `node-${major}`);
    const name = `node-${platform()}-${arch()}`;
    const binary = join(folder, "node_modules", name, "bin/node");
    if (!existsSync(binary)) execFileSync("npm", ["install", "--silent", "--prefix", folder, `${name}@${major}`]);
    return binary;
}

test.each([22, 24])("the program runs on Node.js %i", async (major) => {
    const node = nodeOf(major);
    expect(execFileSync(node, ["--version"]).toString()).toContain(`v${major}.`);
    const clone = await Clone.make({ gateways: 2 });
    try {
        const preview = await clone.npm("pulumi", ["preview", "--stack", clone.stack], { node });
        expect(preview, preview.stderr).toMatchObject({ code: 0 });
        expect(preview.stdout).toMatch(/\d+ to create/);
        expect(preview.stderr).not.toMatch(/deprecat/i);
    } finally {
        await clone.remove();
    }
});
