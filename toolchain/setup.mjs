// Gets whatever a machine lacks: see README.md beside this file.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runningEngine } from "./engine.mjs";
import { goCachesStep } from "./goBuild.mjs";
import { made, pulumiHome, stateHome } from "./places.mjs";
import { step } from "./progress.mjs";
import {
    certManager,
    clusterPrograms,
    corednsImageStep,
    gatewayApi,
    kubernetes,
    pauseImageStep,
} from "./steps/cluster.mjs";
import { dockerEngine } from "./steps/dockerEngine.mjs";
import { dockerProvider } from "./steps/dockerProvider.mjs";
import { collectorImageStep, generatorImageStep } from "./steps/images.mjs";
import { kubernetesProvider } from "./steps/kubernetesProvider.mjs";
import { npmPackages } from "./steps/npmPackages.mjs";
import { pulumiCli, pulumiCliStep } from "./steps/pulumiCli.mjs";
import { sboms } from "./steps/sboms.mjs";

/** Every step under the name of the need that it meets, in the order in which they are taken. */
export const steps = {
    npmPackages,
    clusterPrograms,
    dockerEngine,
    pulumiCli: pulumiCliStep,
    dockerProvider,
    kubernetesProvider,
    collectorImage: collectorImageStep,
    generatorImage: generatorImageStep,
    sboms,
    kubernetes,
    pauseImage: pauseImageStep,
    corednsImage: corednsImageStep,
    gatewayApi,
    certManager,
};

/** The key to a person's secrets in local state: made once, readable by that person only. */
function passphraseFile() {
    const file = join(made(stateHome), "passphrase");
    if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
    return file;
}

let lacking = false;

/** @param {{ title: string, ready: () => boolean | Promise<boolean>,
 *   obtain: (say: (text: string) => void) => Promise<unknown> }} one */
async function take(one) {
    if (await one.ready()) return;
    if (!lacking) process.stderr.write("Setting up what this machine lacks, once\n");
    lacking = true;
    await step(one.title, (say) => one.obtain(say));
}

/** @param {import("./needs.mjs").Need[]} needs */
export async function obtain(needs) {
    // asked in turn: an image is there only once its engine runs
    for (const [need, one] of Object.entries(steps)) if (needs.some((name) => name === need)) await take(one);
}

export const tidyUp = () => take(goCachesStep);

/** What every command here runs with, as far as it is there; a person's own settings win. */
export async function useTools() {
    const environment = process.env;
    const cli = await pulumiCli();
    if (cli) environment.PATH = [dirname(cli), environment.PATH].join(delimiter);
    environment.PULUMI_HOME ??= pulumiHome;
    environment.PULUMI_SKIP_UPDATE_CHECK ??= "1";
    environment.PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK ??= "1";
    if (environment.PULUMI_CONFIG_PASSPHRASE === undefined)
        environment.PULUMI_CONFIG_PASSPHRASE_FILE ??= passphraseFile();
    const engine = await runningEngine();
    if (engine) environment.DOCKER_HOST ??= engine;
}
