// The one distribution that setup installs packages of.
import { existsSync, readFileSync } from "node:fs";
import { run } from "./shell.mjs";

function distribution() {
    const file = "/etc/os-release";
    return existsSync(file) ? readFileSync(file, "utf8") : "";
}

export const isRoot = () => process.getuid?.() === 0;
export const mayInstall = () => isRoot() && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(distribution());

/** @param {string[]} packages */
export async function install(packages) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-qq", "-y", "--no-install-recommends", ...packages], { env });
}
