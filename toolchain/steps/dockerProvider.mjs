import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildFromModules } from "../goBuild.mjs";
import { pulumiHome, versions } from "../places.mjs";
import { reachable } from "../release.mjs";
import { run } from "../shell.mjs";
import { pulumiCli } from "./pulumiCli.mjs";

const version = versions.dockerProvider;
const folder = join(pulumiHome, "plugins", `resource-docker-v${version}`);
const release = `https://get.pulumi.com/releases/plugins/pulumi-resource-docker-v${version}-linux-amd64.tar.gz`;

async function fromRelease() {
    if (!(await reachable(release))) return false;
    const cli = /** @type {string} */ (await pulumiCli());
    const env = { PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "1" };
    return (await run(cli, ["plugin", "install", "resource", "docker", version], { env, mayFail: true })).ok;
}

export const dockerProvider = {
    title: `Docker provider ${version}`,
    ready: () => existsSync(join(folder, "pulumi-resource-docker")),
    async obtain(/** @type {(text: string) => void} */ say) {
        say("looking for the official release");
        if (await fromRelease()) return;
        say("not reachable; building it from Go modules (about 3 minutes)");
        await buildFromModules({
            tool: "the Pulumi Docker provider",
            folder,
            binary: "pulumi-resource-docker",
            recipe: "docker-provider",
            package: ".",
            ldflags: `-X main.version=${version}`,
        });
    },
};
