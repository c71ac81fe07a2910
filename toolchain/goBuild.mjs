// Builds a tool from Go modules, in Go caches of its own so that a person's stay as they were.
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync, statfsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isLocked, locked } from "./lock.mjs";
import { cache, made, project } from "./places.mjs";
import { Problem } from "./problem.mjs";
import { run, which } from "./shell.mjs";

const goCaches = join(cache, "go");
/** Held by who builds, so that no other command removes the caches meanwhile. */
const buildLock = join(cache, "go.lock");
const neededBytes = 10e9;
/** The first that brings a newer Go by itself, when a module asks for one. */
const oldestGo = 21;

const environment = {
    GOCACHE: join(goCaches, "build"),
    GOMODCACHE: join(goCaches, "modules"),
    GOFLAGS: "-buildvcs=false -trimpath -modcacherw",
    GOWORK: "off",
    CGO_ENABLED: "0",
};

/** Go's checksum database verifies every module; a go.sum beside a recipe pins them all. */
async function go(/** @type {string[]} */ args, /** @type {string} */ cwd, extra = {}) {
    return (await run("go", args, { cwd, env: { ...environment, ...extra } })).output;
}

const recipeFolder = (/** @type {string} */ recipe) => join(project, "toolchain", recipe);

/** @param {string} tool what the person is told is missing */
function requireGo(tool) {
    if (!which("go")) {
        throw new Problem(
            `${tool} is not installed, its official release cannot be reached, and there is no Go to build it with: ` +
                `install ${tool}, or Go 1.26 or newer, and run the command again`,
        );
    }
    const [, minor] = /go1\.(\d+)/.exec(execFileSync("go", ["version"], { encoding: "utf8" })) ?? [];
    if (Number(minor) < oldestGo) {
        throw new Problem(
            `building ${tool} needs Go 1.${oldestGo} or newer, which gets the Go it needs; this is 1.${minor}`,
        );
    }
    const disk = statfsSync(made(cache));
    const free = disk.bavail * disk.bsize;
    if (free < neededBytes) {
        throw new Problem(
            `building ${tool} needs 10 GB of disk for a while and ${cache} has ${(free / 1e9).toFixed(1)} GB free: ` +
                "make room, or set XDG_CACHE_HOME to a larger disk",
        );
    }
}

/**
 * One build at a time; what another command has just built is taken.
 * @param {{ folder: string, binary: string }} target @param {(scratch: string) => Promise<void>} build
 */
function obtainOnce({ folder, binary }, build) {
    return locked(buildLock, async () => {
        if (!existsSync(join(folder, binary))) await intoFolder(folder, build);
    });
}

/** Builds into a folder beside the target and renames it, so that an interrupted build leaves nothing behind. */
async function intoFolder(/** @type {string} */ folder, /** @type {(scratch: string) => Promise<void>} */ build) {
    const scratch = mkdtempSync(join(made(cache), "building-"));
    try {
        await build(scratch);
        rmSync(folder, { recursive: true, force: true });
        made(dirname(folder));
        renameSync(scratch, folder);
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/**
 * Where Go keeps a module that a recipe asks for.
 * @param {{ tool: string, recipe: string, module: string }} wanted
 */
export async function moduleFolder({ tool, recipe, module }) {
    requireGo(tool);
    await go(["mod", "download", module], recipeFolder(recipe));
    return go(["list", "-m", "-f", "{{.Dir}}", module], recipeFolder(recipe));
}

/**
 * @param {{ tool: string, folder: string, binary: string, recipe: string, package: string, ldflags?: string,
 *   embedded?: string[] }} build
 *   recipe: a folder below toolchain/ with go.mod and go.sum; embedded: files that its source embeds and git does not keep
 */
export async function buildFromModules({ tool, folder, binary, recipe, package: name, ldflags = "", embedded = [] }) {
    requireGo(tool);
    await obtainOnce({ folder, binary }, async (scratch) => {
        const source = join(scratch, "source");
        cpSync(recipeFolder(recipe), source, { recursive: true });
        for (const file of embedded) copyFileSync(file, join(source, basename(file)));
        const flags = ["-mod=readonly", "-ldflags", `-s -w ${ldflags}`];
        await go(["build", ...flags, "-o", join(scratch, binary), name], source);
        rmSync(source, { recursive: true });
    });
}

/**
 * @param {{ tool: string, folder: string, binary: string, manifest: string, version: string }} build
 *   manifest: a collector builder manifest below toolchain/
 */
export async function buildCollector({ tool, folder, binary, manifest, version }) {
    requireGo(tool);
    await obtainOnce({ folder, binary }, async (scratch) => {
        await go(["install", `go.opentelemetry.io/collector/cmd/builder@v${version}`], scratch, { GOBIN: scratch });
        await run(join(scratch, "builder"), ["--config", join(project, "toolchain", manifest), "--ldflags=-s -w"], {
            cwd: scratch,
            env: environment,
        });
        const sources = join(scratch, "_build"); // the manifest's output_path
        renameSync(join(sources, "otelcol"), join(scratch, binary));
        rmSync(sources, { recursive: true });
        rmSync(join(scratch, "builder"));
    });
}

/**
 * Runs a program on the modules of the builds, which no other command removes meanwhile.
 * @param {string} tool what the person is told is missing where there is no Go @param {string} program @param {string[]} args
 */
export function onModules(tool, program, args) {
    requireGo(tool);
    return locked(buildLock, () => run(program, args, { env: environment }));
}

/** What the builds leave serves nothing once the binaries are there; TIERS_KEEP_GO_CACHE=1 keeps it for the next build. */
export const goCachesStep = {
    title: "Go caches of the builds",
    ready: () => Boolean(process.env.TIERS_KEEP_GO_CACHE) || !existsSync(goCaches) || isLocked(buildLock),
    async obtain(/** @type {(text: string) => void} */ say) {
        say("removing them");
        await locked(buildLock, () => rm(goCaches, { recursive: true, force: true }));
    },
};
