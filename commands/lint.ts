import { spawnSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..");

const checks: [string, string, string[]][] = [
    ["types", "node_modules/typescript/bin/tsc", ["--project", "."]],
    ["types of the toolchain", "node_modules/typescript/bin/tsc", ["--project", "toolchain"]],
    ["rules", "node_modules/eslint/bin/eslint.js", ["."]],
    ["format", "node_modules/prettier/bin/prettier.cjs", ["--check", "--log-level=warn", "."]],
];

/** Types, rules and format; every check runs, also after one that failed. */
export function main(): number {
    const failed = checks.filter(([name, program, args]) => {
        const { status } = spawnSync(process.execPath, [join(project, program), ...args], {
            cwd: project,
            stdio: "inherit",
        });
        console.log(`${name}: ${status === 0 ? "ok" : "failed"}`);
        return status !== 0;
    });
    return failed.length === 0 ? 0 : 1;
}
