import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { InvalidInput } from "../components/errors";
import { openStack, operate } from "./stack";

const runsTheProgram = ["up", "update", "preview"];

/** The CLI that setup found, in the environment that every command here runs in. */
export async function main(args: string[]): Promise<number> {
    const [command = ""] = args;
    if (runsTheProgram.includes(command) && !onPath("pulumi-language-nodejs")) return inThisProcess(args);
    return new Promise((resolve, reject) => {
        const cli = spawn("pulumi", args, { stdio: "inherit" });
        cli.on("error", reject);
        cli.on("close", (code) => resolve(code ?? 1));
    });
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
    try {
        const { values } = parseArgs({
            args,
            options: {
                stack: { type: "string", short: "s", default: "dev" },
                diff: { type: "boolean" },
                refresh: { type: "boolean", short: "r" },
                "expect-no-changes": { type: "boolean" },
                yes: { type: "boolean", short: "y" },
            },
        });
        const { stack, diff, refresh, "expect-no-changes": expectNoChanges } = values;
        return { stack, diff, refresh, expectNoChanges };
    } catch (error) {
        throw new InvalidInput(
            `${(error as Error).message.split(". ")[0]}; without the official CLI's language host, ` +
                `${command} takes --stack, --diff, --refresh, --expect-no-changes and --yes`,
        );
    }
}

function onPath(program: string): boolean {
    return (process.env.PATH ?? "").split(delimiter).some((folder) => {
        try {
            accessSync(join(folder, program), constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}
