// Everything that tests and the fault lab run on, as far as this machine can have it; what it cannot is told to the tests, which skip.
import { down, up } from "./cluster/cluster.mjs";
import { kubeconfig } from "./cluster/layout.mjs";
import { always, ofCluster, ofPlatform } from "./needs.mjs";
import { Problem } from "./problem.mjs";
import { step } from "./progress.mjs";
import { obtain, tidyUp, useTools } from "./setup.mjs";

/** The option by which each of these commands is told to do with less than all there is. */
const narrowedBy = { test: "--project", faults: "--platform" };

/** What each of them calls the part that runs on the cluster. */
const onCluster = ["kubernetes", "faults"];

/** Whether a command is going to use the cluster: one that is not narrowed does. */
export function asksForCluster(/** @type {keyof typeof narrowedBy} */ command, /** @type {string[]} */ args) {
    const option = narrowedBy[command];
    const asked = args.flatMap((arg, i) => {
        if (arg === option) return [args[i + 1]];
        return arg.startsWith(`${option}=`) ? [arg.slice(option.length + 1)] : [];
    });
    return asked.length === 0 || asked.some((part) => onCluster.includes(part));
}

/** @param {string} command @returns {command is keyof typeof narrowedBy} */
export const runsOnTestMachine = (command) => Object.hasOwn(narrowedBy, command);

/** @param {string} variable where the tests look for the reason @param {() => Promise<void>} work */
async function orTellWhyNot(variable, work) {
    try {
        await work();
    } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const reason = error.message.split("\n")[0];
        process.env[variable] = reason;
        process.stderr.write(`Without what needs it: ${reason}\n`);
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

/** @param {boolean} wantsCluster @param {() => Promise<number>} tests @returns {Promise<number>} */
export async function withTestMachine(wantsCluster, tests) {
    let started = false;
    try {
        await obtain(["npmPackages"]);
        await orTellWhyNot("TIERS_NO_DOCKER", () => obtain([...always, ...ofPlatform.docker]));
        if (!process.env.TIERS_NO_DOCKER) await orTellWhyNot("TIERS_NO_SBOM", () => obtain(["sboms"]));
        if (wantsCluster) {
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
