import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TIER_DEFAULTS } from "../../components/tier";

const run = promisify(execFile);
const { image } = TIER_DEFAULTS;

/** Why configurations can not be given to the real collector here; undefined where they can. */
export async function whyNoCollector(): Promise<string | undefined> {
    try {
        await run("docker", ["version"]);
    } catch {
        return "no Docker Engine answers";
    }
    try {
        await run("docker", ["image", "inspect", image]);
    } catch {
        return `the image ${image} is not there`;
    }
    return undefined;
}

/** What the real collector says against a configuration; empty when it would take it. */
export async function collectorComplaints(text: string): Promise<string> {
    const args = ["run", "--rm", "-i", "--network", "none", image, "validate", "--config", `yaml:${text}`];
    try {
        await run("docker", args);
        return "";
    } catch (error) {
        const { code, stderr } = error as { code?: number; stderr?: string };
        if (code !== 1) throw error;
        return stderr || "it failed and said nothing";
    }
}
