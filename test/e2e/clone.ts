import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { projectName } from "../../engine/reason";
import { freePorts } from "../../bench/rigs/ports";
import { docker } from "./stack";

const project = join(__dirname, "../..");

export interface Finished {
    code: number;
    stdout: string;
    stderr: string;
}

/** The project as a person has it after a clone, with a stack and a state of its own. */
export class Clone {
    private constructor(
        readonly folder: string,
        readonly stack: string,
    ) {}

    static async make(configuration: Record<string, unknown>): Promise<Clone> {
        const folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-clone-"));
        const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: project });
        for (const file of files
            .toString()
            .trim()
            .split("\n")
            .filter((name) => existsSync(join(project, name)))) {
            cpSync(join(project, file), join(folder, file), { recursive: true });
        }
        symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
        const clone = new Clone(folder, `clone-${randomBytes(3).toString("hex")}`);
        const [grpc, http, metrics, tapPort] = await freePorts(4);
        const ports = { grpcPorts: [grpc], httpPorts: [http], metricsPorts: [metrics], tapPort };
        const config: Record<string, unknown> = {};
        for (const [key, value] of Object.entries({ ...ports, ...configuration }))
            config[`${projectName}:${key}`] = value;
        writeFileSync(clone.settingsFile, stringify({ config }));
        return clone;
    }

    get settingsFile(): string {
        return join(this.folder, `Pulumi.${this.stack}.yaml`);
    }

    private get env(): NodeJS.ProcessEnv {
        const state = `file://${this.folder}/.state?create_dir=true`;
        return { ...process.env, PULUMI_BACKEND_URL: state, PULUMI_CONFIG_PASSPHRASE: "test" };
    }

    /** The same, with a Ctrl-C in the terminal as soon as it says something. */
    interruptedNpm(script: string, args: string[], once: string): Promise<Finished> {
        const options = { cwd: this.folder, env: this.env, detached: true };
        return new Promise((resolve, reject) => {
            const child = spawn("npm", ["run", "--silent", script, "--", ...args], options);
            const said = { stdout: "", stderr: "" };
            let sent = false;
            child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
            child.stderr.on("data", (chunk: Buffer) => {
                said.stderr += chunk.toString();
                if (sent || !said.stderr.includes(once) || child.pid === undefined) return;
                sent = true;
                process.kill(-child.pid, "SIGINT"); // a terminal tells its whole group of processes
            });
            child.on("error", reject);
            child.on("close", (code) => resolve({ code: code ?? 1, ...said }));
        });
    }

    /** `npm run SCRIPT -- ARGS`, as a person types it. */
    npm(script: string, args: string[] = [], options: { node?: string } = {}): Promise<Finished> {
        const env = { ...this.env, ...(options.node && { PATH: `${dirname(options.node)}:${process.env.PATH}` }) };
        return new Promise((resolve) => {
            execFile(
                "npm",
                ["run", "--silent", script, "--", ...args],
                { cwd: this.folder, env },
                (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
            );
        });
    }

    /** What Docker still has of the stack. */
    async leftovers(): Promise<string[]> {
        const filters = { label: [`otel-collector-tiers.${projectName}-${this.stack}`] };
        const [containers, { Volumes }, networks] = await Promise.all([
            docker.listContainers({ all: true, filters }),
            docker.listVolumes({ filters }),
            docker.listNetworks({ filters }),
        ]);
        return [
            ...containers.flatMap(({ Names }) => Names),
            ...Volumes.map(({ Name }) => Name),
            ...networks.map(({ Name }) => Name),
        ];
    }

    container(replica: string) {
        return docker.getContainer(`${projectName}-${this.stack}-${replica}`);
    }

    async remove(): Promise<void> {
        await this.npm("destroy", ["--stack", this.stack]);
        rmSync(this.folder, { recursive: true, force: true });
    }
}
