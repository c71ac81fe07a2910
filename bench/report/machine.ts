import { execFile } from "node:child_process";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { promisify } from "node:util";
import versions from "../../toolchain/versions.json";
import type { Machine } from "./row";

const run = promisify(execFile);
const project = `${__dirname}/../..`;

/** @param kubernetes the version of the cluster, where one took part */
export async function readMachine(kubernetes?: string): Promise<Machine> {
    const [docker, commit] = await Promise.all([dockerVersion(), commitOfProject()]);
    return {
        cores: cpus().length,
        processor: cpus()[0]?.model.trim() ?? arch(),
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        kernel: `${platform()} ${release()}`,
        node: process.versions.node,
        ...(docker === undefined ? {} : { docker }),
        ...(kubernetes === undefined ? {} : { kubernetes }),
        collector: versions.collector,
        commit,
        date: new Date().toISOString().slice(0, 10),
    };
}

async function dockerVersion(): Promise<string | undefined> {
    return output("docker", "version", "--format", "{{.Server.Version}}");
}

/** Documents do not count as changes: the run before this one may have written them. */
async function commitOfProject(): Promise<string> {
    const [commit, changes] = await Promise.all([
        output("git", "rev-parse", "--short", "HEAD"),
        output("git", "status", "--porcelain", "--", ".", ":(exclude)docs"),
    ]);
    if (commit === undefined) return "unknown";
    return changes ? `${commit}+changes` : commit;
}

/** Undefined where there is no such program, or it has no answer: a figure without it is still a figure. */
async function output(program: string, ...args: string[]): Promise<string | undefined> {
    try {
        return (await run(program, args, { cwd: project, timeout: 10_000 })).stdout.trim();
    } catch {
        return undefined;
    }
}
