import { existsSync } from "node:fs";
import { join } from "node:path";
import { pulumiHome } from "../places.mjs";
import { reachable } from "../release.mjs";
import { run } from "../shell.mjs";
import { pulumiCli } from "./pulumiCli.mjs";

const releases = "https://get.pulumi.com/releases/plugins";

/** @param {string} name @param {string} version */
async function fromRelease(name, version) {
    if (!(await reachable(`${releases}/pulumi-resource-${name}-v${version}-linux-amd64.tar.gz`))) return false;
    const cli = /** @type {string} */ (await pulumiCli());
    const env = { PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "1" };
    return (await run(cli, ["plugin", "install", "resource", name, version], { env, mayFail: true })).ok;
}

/**
 * @param {{ name: string, title: string, version: string, minutes: string,
 *   build: (target: { folder: string, binary: string }) => Promise<void> }} provider
 *   version: what its npm package asks for, which is where the engine looks
 */
export function providerStep({ name, title, version, minutes, build }) {
    const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    const binary = `pulumi-resource-${name}`;
    return {
        title: `${title} ${version}`,
        ready: () => existsSync(join(folder, binary)),
        async obtain(/** @type {(text: string) => void} */ say) {
            say("looking for the official release");
            if (await fromRelease(name, version)) return;
            say(`not reachable; building it from Go modules (about ${minutes} minutes)`);
            await build({ folder, binary });
        },
    };
}
