import { join } from "node:path";
import { buildFromModules, moduleFolder } from "../goBuild.mjs";
import { versions } from "../places.mjs";
import { providerStep } from "./provider.mjs";

const tool = "the Pulumi Kubernetes provider";
const recipe = "kubernetes-provider";
const module = "github.com/pulumi/pulumi-kubernetes/provider/v4";
/** The newest code that is published as a Go module; the provider says so of itself. */
const moduleVersion = "4.25.0";

async function build(/** @type {{ folder: string, binary: string }} */ target) {
    const vendors = join(await moduleFolder({ tool, recipe, module }), "cmd/pulumi-resource-kubernetes");
    await buildFromModules({
        ...target,
        tool,
        recipe,
        package: ".",
        ldflags: `-X ${module}/pkg/version.Version=v${moduleVersion}`,
        embedded: ["schema.json", "terraform-mapping.json"].map((file) => join(vendors, file)),
    });
}

export const kubernetesProvider = providerStep({
    name: "kubernetes",
    title: "Kubernetes provider",
    version: versions.kubernetesProvider,
    minutes: "8",
    build,
});
