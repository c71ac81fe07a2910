import type { ContainerArgs } from "@pulumi/docker";
import { collectorUser } from "../user";

/** Of that user, on the whole engine: the provider knows no limit of a single container's. */
const mostProcesses = 4_096;

/** What a container may do: read its image and its files, write to its volumes, and talk on its network. */
export const hardened = {
    user: `${collectorUser}:${collectorUser}`,
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    ulimits: [{ name: "nproc", soft: mostProcesses, hard: mostProcesses }],
} satisfies Partial<ContainerArgs>;
