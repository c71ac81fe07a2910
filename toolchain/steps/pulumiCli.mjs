import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { buildFromModules } from "../goBuild.mjs";
import { cache, made, toolFolder, versions } from "../places.mjs";
import { download } from "../release.mjs";
import { run, which } from "../shell.mjs";

const recipe = ["pulumi-cli/go.mod", "pulumi-cli/go.sum"];
const folder = () => toolFolder("pulumi", versions.pulumi, recipe);
const installedNote = join(cache, "pulumi-on-path.json");

/** The releases of the vendor; a mirror of them can be named instead. */
const releases = process.env.TIERS_PULUMI_RELEASES ?? "https://github.com/pulumi/pulumi/releases/download";

/** @param {string} version @param {string} oldest */
export function atLeast(version, oldest) {
    const [a, b] = [version, oldest].map((text) => text.replace(/^v/, "").split(/[.-]/).map(Number));
    const at = [0, 1, 2].find((i) => a[i] !== b[i]);
    return at === undefined || a[at] > b[at];
}

/** The person's own CLI; asked for its version once, and again only when the file changes. */
async function installed() {
    const path = which("pulumi");
    if (!path) return undefined;
    const identity = `${path} ${statSync(path).mtimeMs} ${statSync(path).size}`;
    const note = existsSync(installedNote) ? JSON.parse(readFileSync(installedNote, "utf8")) : {};
    if (note.identity !== identity) {
        const { output } = await run(path, ["version"], { env: { PULUMI_SKIP_UPDATE_CHECK: "1" }, mayFail: true });
        Object.assign(note, { identity, version: output });
        writeFileSync(join(made(cache), "pulumi-on-path.json"), JSON.stringify(note));
    }
    return atLeast(note.version, versions.pulumiOldest) ? path : undefined;
}

/** @returns {Promise<string | undefined>} the CLI that everything here uses */
export async function pulumiCli() {
    const built = join(folder(), "pulumi");
    return (await installed()) ?? (existsSync(built) ? built : undefined);
}

async function fromRelease() {
    const system = `${platform() === "win32" ? "windows" : platform()}-${arch()}`;
    const archive = await download(
        `${releases}/v${versions.pulumi}`,
        `pulumi-v${versions.pulumi}-${system}.tar.gz`,
        `pulumi-${versions.pulumi}-checksums.txt`,
    );
    if (!archive) return false;
    const scratch = mkdtempSync(join(made(cache), "unpacking-"));
    await run("tar", ["-xzf", "-", "-C", scratch, "--strip-components=1"], { input: archive });
    rmSync(folder(), { recursive: true, force: true });
    renameSync(scratch, folder());
    return true;
}

export const pulumiCliStep = {
    title: `Pulumi CLI ${versions.pulumi}`,
    ready: async () => (await pulumiCli()) !== undefined,
    async obtain(/** @type {(text: string) => void} */ say) {
        say("looking for the official release");
        if (await fromRelease()) return;
        say("not reachable; building it from Go modules (about 4 minutes)");
        await buildFromModules({
            tool: "the Pulumi CLI",
            folder: folder(),
            binary: "pulumi",
            recipe: dirname(recipe[0]),
            package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${versions.pulumi}`,
        });
    },
};
