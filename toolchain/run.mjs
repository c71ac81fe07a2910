// `node toolchain/run.mjs COMMAND ARGS`: gets what the machine lacks, then runs one of commands/*.ts.
import { createRequire } from "node:module";
import { join } from "node:path";
import { project } from "./places.mjs";
import { Problem } from "./problem.mjs";
import { setup } from "./setup.mjs";

/** What a command or the program refuses, in a sentence for the person. */
async function isRunError(/** @type {unknown} */ error) {
    const { RunError } = await import("@pulumi/pulumi/errors.js");
    return RunError.isInstance(error);
}

/** Without Docker, or without what it takes to build a tool, the tests that need it are skipped and say why. */
async function setupForTests() {
    try {
        await setup();
    } catch (error) {
        if (!(error instanceof Problem)) throw error;
        process.env.TIERS_NO_E2E = error.message.split("\n")[0];
        process.stderr.write(`Without end-to-end tests: ${process.env.TIERS_NO_E2E}\n`);
    }
}

const command = process.argv[2];
try {
    await (command === "test" ? setupForTests() : setup());
    if (command !== "setup") {
        await import("tsx"); // the same loader that a plain `pulumi up` uses, see Pulumi.yaml
        const { main } = createRequire(import.meta.url)(join(project, "commands", `${command}.ts`));
        process.exitCode = await main(process.argv.slice(3));
    }
} catch (error) {
    const told = error instanceof Problem || (await isRunError(error));
    if (!told) throw error;
    process.stderr.write(`error: ${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
}
