// What a command needs of a machine, so that nobody waits for a tool that is not used.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./places.mjs";

/** @typedef {"docker" | "kubernetes"} Platform */
/** @typedef {keyof typeof import("./setup.mjs").steps} Need */

/** @type {Need[]} */
export const always = ["npmPackages", "pulumiCli"];

/** @type {Record<Platform, Need[]>} */
export const ofPlatform = {
    docker: ["dockerEngine", "dockerProvider", "collectorImage", "generatorImage"],
    kubernetes: ["kubernetesProvider"],
};

/** @type {Need[]} */
export const ofCluster = [
    "npmPackages",
    "dockerEngine",
    "collectorImage",
    "generatorImage",
    "clusterPrograms",
    "kubernetes",
    "pauseImage",
    "corednsImage",
    "gatewayApi",
    "certManager",
];

/** Those of Pulumi's own commands that call the provider. */
const callsTheProvider = ["up", "update", "preview", "destroy", "refresh", "import", "watch"];

const defaultStack = "dev";

/** @param {string[]} args */
export function stackIn(args) {
    const at = args.findIndex((arg) => /^(--stack|-s)(=|$)/.test(arg));
    if (at < 0) return defaultStack;
    const [, inline] = args[at].split("=");
    return (inline ?? args[at + 1] ?? defaultStack).split("/").at(-1) || defaultStack; // organization/project/stack
}

/** @param {string[]} args the first that is neither an option nor the stack's name */
const subcommand = (args) => args.find((arg, i) => !arg.startsWith("-") && !/^(--stack|-s)$/.test(args[i - 1] ?? ""));

/**
 * @param {string} text a stack's settings; read without a parser, which may not be installed yet
 * @returns {Platform}
 */
export const platformIn = (text) =>
    /^\s*["']?otel-collector-tiers:platform["']?\s*:\s*["']?kubernetes\b/m.test(text) ? "kubernetes" : "docker";

/** @param {string} stack */
export function platformOf(stack) {
    const file = join(project, `Pulumi.${stack}.yaml`);
    return platformIn(existsSync(file) ? readFileSync(file, "utf8") : "");
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {(stack: string) => Platform} [platform]
 * @returns {Need[]}
 */
export function needs(command, args, platform = platformOf) {
    switch (command) {
        case "lint":
            return ["npmPackages"];
        case "bench":
        case "hostile":
            return [...always, ...ofPlatform.docker];
        case "sbom":
            return ["npmPackages", "dockerEngine", "collectorImage", "generatorImage", "sboms"];
        case "cluster":
            return ["up", "load"].includes(args[0]) ? ofCluster : [];
        case "pulumi":
            if (!callsTheProvider.includes(subcommand(args) ?? "")) return always;
    }
    return [...always, ...ofPlatform[platform(stackIn(args))]];
}
