import type { FileContent } from "../platform/files";

/** Who a tier is to the tiers beside it. */
export interface TierIdentity {
    /** The name that its certificate is for; whoever sends to the tier verifies it, however it found the address. */
    serverName: string;
    /** Its certificate, and those between it and the authority, as PEM. */
    certificate: FileContent;
    /** The private key of the certificate, as PEM. */
    key: FileContent;
    /** The authority that it is recognised by, as PEM; no other tier's certificates are from it. */
    authority: FileContent;
}

/** Each tier accepts only the one before it, because each has an authority of its own. */
export interface TierIdentities {
    loadBalancer: TierIdentity;
    gateway: TierIdentity;
    externalGateway: TierIdentity;
    /**
     * Another number makes every replica start again, which is how it learns of another authority.
     * @default 1
     */
    generation?: number;
}

export const tiersWithIdentity = ["loadBalancer", "gateway", "externalGateway"] as const;
export type TierWithIdentity = (typeof tiersWithIdentity)[number];
