// Gets whatever a machine lacks: see README.md beside this file.
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { runningEngine } from "./engine.mjs";
import { goCachesStep } from "./goBuild.mjs";
import { made, pulumiHome, stateHome } from "./places.mjs";
import { step } from "./progress.mjs";
import { dockerEngine } from "./steps/dockerEngine.mjs";
import { dockerProvider } from "./steps/dockerProvider.mjs";
import { collectorImageStep, generatorImageStep } from "./steps/images.mjs";
import { npmPackages } from "./steps/npmPackages.mjs";
import { pulumiCli, pulumiCliStep } from "./steps/pulumiCli.mjs";

const steps = [
    npmPackages,
    dockerEngine,
    pulumiCliStep,
    dockerProvider,
    collectorImageStep,
    generatorImageStep,
    goCachesStep,
];

/** The key to a person's secrets in local state: made once, readable by that person only. */
function passphraseFile() {
    const file = join(made(stateHome), "passphrase");
    if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600 });
    return file;
}

/** What every command here runs with; a person's own settings win. */
async function useTools() {
    const cli = /** @type {string} */ (await pulumiCli());
    const environment = process.env;
    environment.PATH = [dirname(cli), environment.PATH].join(delimiter);
    environment.PULUMI_HOME ??= pulumiHome;
    environment.PULUMI_SKIP_UPDATE_CHECK ??= "1";
    environment.PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK ??= "1";
    if (environment.PULUMI_CONFIG_PASSPHRASE === undefined)
        environment.PULUMI_CONFIG_PASSPHRASE_FILE ??= passphraseFile();
    environment.DOCKER_HOST ??= await runningEngine();
}

export async function setup() {
    let lacking = false;
    for (const one of steps) {
        if (await one.ready()) continue; // asked in turn: an image is there only once its engine runs
        if (!lacking) process.stderr.write("Setting up what this machine lacks, once\n");
        lacking = true;
        await step(one.title, (say) => one.obtain(say));
    }
    await useTools();
}
