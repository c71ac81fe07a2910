import { execFileSync } from "node:child_process";

/** What in npm's SBOM is of one clone or of one moment. */
interface Bom {
    serialNumber?: string;
    metadata: { timestamp?: string; component: { name: string } };
}

/** The SBOM of the npm packages in a folder's lock file, as CycloneDX; the same lock file has the same one. */
export function npmSbom(folder: string, name: string): Bom {
    const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only"];
    const bom = JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 })) as Bom;
    delete bom.serialNumber;
    delete bom.metadata.timestamp;
    bom.metadata.component.name = name; // npm takes the folder's
    return bom;
}
