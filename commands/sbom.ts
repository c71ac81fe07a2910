import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmSbom } from "../dependencies/npmSbom";
import manifest from "../package.json";
import { parse } from "./options";

const project = join(__dirname, "..");

/** Writes what the images and the program are made of, as CycloneDX, one file each. */
export async function main(args: string[]): Promise<number> {
    const { out } = parse("npm run sbom --", args, { out: { type: "string", default: join(project, "sbom") } });
    const { subjects } = await import("../toolchain/steps/sboms.mjs");
    mkdirSync(out, { recursive: true });
    const write = (name: string, text: string) => {
        const file = join(out, `${name}.cdx.json`);
        writeFileSync(file, text);
        console.log(`${file}: ${(JSON.parse(text) as { components: unknown[] }).components.length} components`);
    };
    for (const { image, sbom } of subjects) {
        if (existsSync(sbom)) write(image, readFileSync(sbom, "utf8"));
        else
            console.log(
                `${image}: no SBOM, because its official image was pulled and nothing was built here: ask its vendor for one`,
            );
    }
    write("npm", `${JSON.stringify(npmSbom(project, manifest.name), undefined, 2)}\n`);
    return 0;
}
