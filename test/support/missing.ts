import type { Platform } from "../../bench/faults/scenario";

/** Why something can not be used on this machine, as `npm test` found when it set up; undefined where it can. */
export const missing: Partial<Record<Platform | "sboms", string>> = {
    docker: process.env.TIERS_NO_DOCKER,
    kubernetes:
        process.env.TIERS_NO_KUBERNETES ??
        (process.env.TEST_KUBECONFIG ? undefined : "TEST_KUBECONFIG does not name a cluster: `npm test` starts one"),
    sboms:
        process.env.TIERS_NO_SBOM ??
        process.env.TIERS_NO_DOCKER ??
        "there is no SBOM of this image here: its official image was pulled, or `npm run sbom` makes it",
};
