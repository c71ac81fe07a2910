import { buildFromModules } from "../goBuild.mjs";
import { versions } from "../places.mjs";
import { providerStep } from "./provider.mjs";

const version = versions.dockerProvider;

export const dockerProvider = providerStep({
    name: "docker",
    title: "Docker provider",
    version,
    minutes: "3",
    build: (target) =>
        buildFromModules({
            ...target,
            tool: "the Pulumi Docker provider",
            recipe: "docker-provider",
            package: ".",
            ldflags: `-X main.version=${version}`,
        }),
});
