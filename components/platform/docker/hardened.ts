import type { ContainerArgs } from "@pulumi/docker";

/** The user of the collector images. */
const user = 10001;
/** Of that user, on the whole engine: the provider knows no limit of a single container's. */
const mostProcesses = 4_096;

/** What a container may do: read its image and its files, write to its volumes, and talk on its network. */
export const hardened = {
    user: `${user}:${user}`,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    ulimits: [{ name: "nproc", soft: mostProcesses, hard: mostProcesses }],
} satisfies Partial<ContainerArgs>;
