import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { hasImage } from "../engine.mjs";
import { buildCollector, buildFromModules } from "../goBuild.mjs";
import { made, toolFolder, versions } from "../places.mjs";
import { run } from "../shell.mjs";

const version = versions.collector;
const authorities = "/etc/ssl/certs/ca-certificates.crt";

export const collectorImage = `otel-collector-tiers/collector:${version}`;
export const generatorImage = `otel-collector-tiers/telemetrygen:${version}`;

/** What setup builds where it cannot pull the official image; elsewhere there is no such file. */
export const collectorBinary = join(toolFolder("collector", version, ["collector/manifest.yaml"]), "otelcol");
export const generatorBinary = join(
    toolFolder("telemetrygen", version, ["telemetrygen/go.mod", "telemetrygen/go.sum"]),
    "telemetrygen",
);
const target = (/** @type {string} */ binary) => ({ folder: dirname(binary), binary: basename(binary) });

/** The user every collector image runs as, and the one folder that it may write to: a volume put there inherits both. */
const user = "10001:10001";
const writable = "var/lib/otelcol";

const pull = async (/** @type {string} */ image) => (await run("docker", ["pull", image], { mayFail: true })).ok;

/**
 * An image of one static binary and the certificate authorities, made without any base image.
 * @param {string} image
 * @param {string} binary
 */
export async function importBinary(image, binary) {
    const entrypoint = basename(binary);
    const root = mkdtempSync(join(tmpdir(), "otel-collector-tiers-image-"));
    try {
        copyFileSync(binary, join(root, entrypoint));
        made(join(root, writable));
        const archive = join(root, "..", `${image.replace(/\W/g, "-")}.tar`);
        if (existsSync(authorities))
            copyFileSync(authorities, join(made(join(root, "etc/ssl/certs")), "ca-certificates.crt"));
        const system = ["--numeric-owner", "--owner=0", "--group=0", "-C", root];
        const [uid, gid] = user.split(":");
        await run("tar", ["-cf", archive, ...system, entrypoint, ...(existsSync(join(root, "etc")) ? ["etc"] : [])]);
        await run("tar", ["-rf", archive, "--numeric-owner", `--owner=${uid}`, `--group=${gid}`, "-C", root, writable]);
        const changes = [`ENTRYPOINT ["/${entrypoint}"]`, `USER ${user}`].flatMap((change) => ["--change", change]);
        await run("docker", ["import", ...changes, archive, image]);
        rmSync(archive);
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

/** The official image, plus the folder that a queue volume inherits its owner from. */
async function deriveFrom(/** @type {string} */ official) {
    const context = mkdtempSync(join(tmpdir(), "otel-collector-tiers-image-"));
    try {
        made(join(context, "empty"));
        const dockerfile = `FROM ${official}\nCOPY --chown=${user} empty /${writable}\n`;
        await run("docker", ["build", "--tag", collectorImage, "--file", "-", context], { input: dockerfile });
    } finally {
        rmSync(context, { recursive: true, force: true });
    }
}

export const collectorImageStep = {
    title: `collector image ${version}`,
    ready: () => hasImage(collectorImage),
    async obtain(/** @type {(text: string) => void} */ say) {
        const official = `otel/opentelemetry-collector-contrib:${version}`;
        say(`pulling ${official}`);
        if (await pull(official)) return deriveFrom(official);
        if (!existsSync(collectorBinary)) {
            say("not reachable; building a collector from Go modules (about 3 minutes)");
            await buildCollector({
                ...target(collectorBinary),
                tool: "the collector",
                manifest: "collector/manifest.yaml",
                version,
            });
        }
        say("making the image");
        await importBinary(collectorImage, collectorBinary);
    },
};

export const generatorImageStep = {
    title: `telemetrygen image ${version}`,
    ready: () => hasImage(generatorImage),
    async obtain(/** @type {(text: string) => void} */ say) {
        const official = `ghcr.io/open-telemetry/opentelemetry-collector-contrib/telemetrygen:v${version}`;
        say(`pulling ${official}`);
        if (await pull(official)) {
            await run("docker", ["tag", official, generatorImage]);
            return;
        }
        if (!existsSync(generatorBinary)) {
            say("not reachable; building it from Go modules");
            await buildFromModules({
                ...target(generatorBinary),
                tool: "telemetrygen",
                recipe: "telemetrygen",
                package: "github.com/open-telemetry/opentelemetry-collector-contrib/cmd/telemetrygen",
            });
        }
        say("making the image");
        await importBinary(generatorImage, generatorBinary);
    },
};
