import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../places.mjs";
import { run } from "../shell.mjs";

const stamp = join(project, "node_modules/.installed-lock");
const lockHash = () =>
    createHash("sha256")
        .update(readFileSync(join(project, "package-lock.json")))
        .digest("hex");

export const npmPackages = {
    title: "npm packages",
    ready: () => existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash(),
    async obtain() {
        // No package here needs its install script; the providers' would download what setup gets anyway.
        await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: project });
        writeFileSync(stamp, lockHash());
    },
};
