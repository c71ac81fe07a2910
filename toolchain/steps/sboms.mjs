// What is in the binaries of the images: every Go module, with its sum and its licence, as CycloneDX.
import { existsSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildFromModules, onModules } from "../goBuild.mjs";
import { toolFolder, versions } from "../places.mjs";
import { collectorBinary, generatorBinary } from "./images.mjs";

const tool = "cyclonedx-gomod";
const version = versions.cyclonedxGomod;
const folder = toolFolder(tool, version, ["sbom/go.mod", "sbom/go.sum"]);

const subject = (/** @type {string} */ image, /** @type {string} */ binary) => ({
    image,
    binary,
    /** Beside the binary, and there only where setup built it. */
    sbom: `${binary}-${tool}-${version}.cdx.json`,
});

export const subjects = [subject("collector", collectorBinary), subject("telemetrygen", generatorBinary)];

const lacking = () => subjects.filter(({ binary, sbom }) => existsSync(binary) && !existsSync(sbom));

/** Without serial number and time, so that the same binary has the same SBOM. */
const flags = ["-json", "-std", "-licenses", "-noserial", "-notimestamp"];

export const sboms = {
    title: "SBOMs of the images",
    ready: () => lacking().length === 0,
    async obtain(/** @type {(text: string) => void} */ say) {
        if (!existsSync(join(folder, tool))) {
            say(`building ${tool} ${version} from Go modules (about half a minute)`);
            await buildFromModules({
                tool,
                folder,
                binary: tool,
                recipe: "sbom",
                package: "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod",
            });
        }
        for (const { image, binary, sbom } of lacking()) {
            say(`reading the modules of ${image}`);
            const scratch = join(dirname(sbom), `sbom-${process.pid}`);
            // The builder leaves its binary without a version, and without one the licences of 19 modules are not found.
            const ofMain = ["-version", `v${versions.collector}`];
            await onModules(tool, join(folder, tool), ["bin", ...flags, ...ofMain, "-output", scratch, binary]);
            renameSync(scratch, sbom);
        }
    },
};
