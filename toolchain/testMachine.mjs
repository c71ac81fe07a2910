// Everything that tests run on, as far as this machine can have it; what it cannot is told to the tests, which skip.
import { down, up } from "./cluster/cluster.mjs";
import { kubeconfig } from "./cluster/layout.mjs";
import { always, ofCluster, ofPlatform } from "./needs.mjs";
import { Problem } from "./problem.mjs";
import { step } from "./progress.mjs";
import { obtain, tidyUp, useTools } from "./setup.mjs";

/** Which of vitest's projects are asked for: with none, all. */
export function asksFor(/** @type {string} */ project, /** @type {string[]} */ args) {
    const asked = args.flatMap((arg, i) =>
        arg === "--project" ? [args[i + 1]] : (arg.match(/^--project=(.*)/)?.[1] ?? []),
    );
    return asked.length === 0 || asked.includes(project);
}

/** @param {string} variable where the tests look for the reason @param {() => Promise<void>} work */
async function orTellWhyNot(variable, work) {
    try {
        await work();
    } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const reason = error.message.split("\n")[0];
        process.env[variable] = reason;
        process.stderr.write(`Without the tests that need it: ${reason}\n`);
    }
}

/** @returns {Promise<boolean>} whether there was none before */
async function testCluster() {
    await obtain([...always, ...ofPlatform.kubernetes]);
    if (process.env.TEST_KUBECONFIG) return false;
    await obtain(ofCluster);
    const { started } = await step("Kubernetes cluster", up);
    process.env.TEST_KUBECONFIG = kubeconfig;
    return started;
}

/** Ctrl-C reaches the tests by themselves; this process outlives them, to leave the machine as it was. */
async function outliving(/** @type {() => Promise<number>} */ tests) {
    let interrupted = false;
    process.on("SIGINT", () => (interrupted = true));
    try {
        return await tests();
    } catch (error) {
        if (interrupted) return 130; // what a shell says of it
        throw error;
    }
}

/** @param {string[]} args @param {() => Promise<number>} tests @returns {Promise<number>} */
export async function withTestMachine(args, tests) {
    let started = false;
    try {
        await obtain(["npmPackages"]);
        await orTellWhyNot("TIERS_NO_DOCKER", () => obtain([...always, ...ofPlatform.docker]));
        if (asksFor("kubernetes", args)) {
            await orTellWhyNot("TIERS_NO_KUBERNETES", async () => {
                started = await testCluster();
            });
        }
        await tidyUp();
        await useTools();
        return await outliving(tests);
    } finally {
        if (started) await down();
    }
}
