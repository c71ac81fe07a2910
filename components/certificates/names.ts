import type { Platform } from "../platform/platform";
import { tierNames } from "../tierNames";
import type { TierWithIdentity } from "./identity";

/** The tiers that show one another who they are, by what they are called. */
export const workloadOf: Record<TierWithIdentity, string> = {
    loadBalancer: tierNames.loadBalancer,
    gateway: tierNames.gateways,
    externalGateway: tierNames.externalGateway,
};

/** The name that a tier's certificate is for: the one that leads to all of its replicas. */
export const serverNameOf = (platform: Platform, tier: TierWithIdentity) =>
    platform.names(workloadOf[tier], 0).sharedHost;
