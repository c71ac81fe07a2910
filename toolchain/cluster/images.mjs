// The images that the cluster has: those that Docker has and that are loaded, since no registry may be in reach.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { imageId } from "../engine.mjs";
import { versions } from "../places.mjs";
import { Problem } from "../problem.mjs";
import { run } from "../shell.mjs";
import { corednsImage, pauseImage } from "../steps/cluster.mjs";
import { collectorImage, generatorImage } from "../steps/images.mjs";
import { containerdSocket, inFolder } from "./layout.mjs";

/** The official images' names, for stacks that ask for those. */
const alsoCalled = {
    [collectorImage]: `docker.io/otel/opentelemetry-collector-contrib:${versions.collector}`,
    [generatorImage]: `ghcr.io/open-telemetry/opentelemetry-collector-contrib/telemetrygen:v${versions.collector}`,
};

export const ownImages = [pauseImage, corednsImage, collectorImage, generatorImage];

const note = inFolder("images.json");
const archive = inFolder("images.tar");
const ctr = (/** @type {string[]} */ ...args) =>
    run("ctr", ["-a", containerdSocket, "-n", "k8s.io", "images", ...args]);

/** @returns {Record<string, string>} */
const loaded = () => (existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : {});

/** @param {string[]} images names in Docker */
export async function load(images) {
    const ids = await Promise.all(images.map(imageId));
    const missing = images.filter((_, i) => !ids[i]);
    if (missing.length > 0)
        throw new Problem(`Docker does not have ${missing.join(", ")}: pull or build what is missing`);
    const have = loaded();
    const lacking = images.filter((image, i) => have[image] !== ids[i]);
    if (lacking.length === 0) return [];
    await run("docker", ["save", "--output", archive, ...lacking]);
    await ctr("import", archive);
    rmSync(archive);
    for (const image of lacking) {
        if (alsoCalled[image]) await ctr("tag", "--force", `docker.io/${image}`, alsoCalled[image]);
    }
    const now = Object.fromEntries(images.map((image, i) => [image, ids[i]]));
    writeFileSync(note, JSON.stringify({ ...have, ...now }));
    return lacking;
}
