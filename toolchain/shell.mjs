import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { Problem } from "./problem.mjs";

/** @param {string} program @returns {string | undefined} its full path on PATH */
export function which(program) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
        const path = join(folder, program);
        try {
            accessSync(path, constants.X_OK);
            return path;
        } catch {
            // not in this folder
        }
    }
    return undefined;
}

/**
 * Runs a program and returns what it printed; its output is shown only when it fails.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, input?: Buffer | string, mayFail?: boolean }} [options]
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function run(program, args, { cwd, env, input, mayFail = false } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd,
            env: { ...process.env, ...env },
            stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
        child.on("error", (error) => reject(new Problem(`${program} could not be started: ${error.message}`)));
        child.on("close", (code) => {
            if (code === 0 || mayFail) return resolve({ ok: code === 0, output: output.trim() });
            const tail = output.trim().split("\n").slice(-15).join("\n");
            reject(new Problem(`${program} ${args.join(" ")} failed with exit code ${code}:\n${tail}`));
        });
        child.stdin?.end(input);
    });
}
