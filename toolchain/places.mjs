// Where setup keeps what it gets: one cache a user, shared by every clone; state is not kept here.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = dirname(dirname(fileURLToPath(import.meta.url)));
export const versions = JSON.parse(readFileSync(join(project, "toolchain/versions.json"), "utf8"));

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "otel-collector-tiers");
export const pulumiHome = join(cache, "pulumi-home");
/** Also named in Pulumi.yaml, so that a plain `pulumi` finds the same stacks; like the engine, it ignores HOME. */
export const stateHome = join(userInfo().homedir, ".otel-collector-tiers");

/**
 * The folder of one tool, keyed by its version and by everything that goes into its build.
 * @param {string} name
 * @param {string} version
 * @param {string[]} recipe files below toolchain/, in a fixed order
 */
export function toolFolder(name, version, recipe) {
    const hash = createHash("sha256");
    for (const file of recipe) hash.update(readFileSync(join(project, "toolchain", file)));
    return join(cache, `${name}-${version}-${hash.digest("hex").slice(0, 12)}`);
}

/** @param {string} folder */
export function made(folder) {
    mkdirSync(folder, { recursive: true });
    return folder;
}
