import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { parse, stackOption } from "./options";
import { settingsFile } from "../engine/reason";
import { openStack, operate, project } from "../engine/stack";

const runsTheProgram = ["up", "update", "preview"];

/** The CLI that setup found, in the environment that every command here runs in. */
export async function main(args: string[]): Promise<number> {
    const [command = ""] = args;
    const { which } = await import("../toolchain/shell.mjs");
    if (runsTheProgram.includes(command) && !which("pulumi-language-nodejs")) return inThisProcess(args);
    return new Promise((resolve, reject) => {
        const cli = spawn("pulumi", selecting(args, project), { stdio: "inherit" });
        cli.on("error", reject);
        cli.on("close", (code) => resolve(code ?? 1));
    });
}

/** A stack whose settings are in a file here is made on first use, as every other command here does. */
export function selecting(args: string[], folder: string): string[] {
    const [command, action, name] = args;
    const isKnown = command === "stack" && action === "select" && name && existsSync(settingsFile(folder, name));
    return isKnown ? [...args, "--create"] : args;
}

/** A CLI that was built from package registries has no language host: the same engine, with the program in this process. */
async function inThisProcess([command = "", ...rest]: string[]): Promise<number> {
    const { stack: name, ...options } = programOptions(command, rest);
    const stack = await openStack(name);
    const onOutput = (text: string) => process.stdout.write(text);
    await operate<unknown>(stack, (_, signal) => {
        const all = { ...options, onOutput, signal };
        return command === "preview" ? stack.engine.preview(all) : stack.engine.up(all);
    });
    return 0;
}

function programOptions(command: string, args: string[]) {
    const {
        stack,
        diff,
        refresh,
        "expect-no-changes": expectNoChanges,
    } = parse(`without the official CLI's language host, ${command}`, args, {
        stack: { ...stackOption, short: "s" },
        diff: { type: "boolean" },
        refresh: { type: "boolean", short: "r" },
        "expect-no-changes": { type: "boolean" },
        yes: { type: "boolean", short: "y" },
    });
    return { stack, diff, refresh, expectNoChanges };
}
