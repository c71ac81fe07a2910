// `node toolchain/run.mjs COMMAND ARGS`: gets what the machine lacks, then runs one of commands/*.ts.
import { createRequire } from "node:module";
import { join } from "node:path";
import { needs } from "./needs.mjs";
import { project } from "./places.mjs";
import { Problem } from "./problem.mjs";
import { obtain, tidyUp, useTools } from "./setup.mjs";
import { asksForCluster, runsOnTestMachine, withTestMachine } from "./testMachine.mjs";

/** What a command or the program refuses, in a sentence for the person. */
async function isRunError(/** @type {unknown} */ error) {
    const { RunError } = await import("@pulumi/pulumi/errors.js");
    return RunError.isInstance(error);
}

/** @param {string} command @param {string[]} args @returns {Promise<number>} */
async function commandOf(command, args) {
    await import("tsx"); // the same loader that a plain `pulumi up` uses, see Pulumi.yaml
    return createRequire(import.meta.url)(join(project, "commands", `${command}.ts`)).main(args);
}

/** @param {string} command @param {string[]} args @returns {Promise<number>} */
async function main(command, args) {
    if (runsOnTestMachine(command)) {
        return withTestMachine(asksForCluster(command, args), () => commandOf(command, args));
    }
    await obtain(needs(command, args));
    await tidyUp();
    await useTools();
    if (command === "setup") return 0;
    if (command === "cluster") return (await import("./cluster/command.mjs")).main(args);
    return commandOf(command, args);
}

const [command, ...args] = process.argv.slice(2);
try {
    process.exitCode = await main(command, args);
} catch (error) {
    const told = error instanceof Problem || (await isRunError(error));
    if (!told) throw error;
    process.stderr.write(`error: ${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
}
