import type { TierIdentities, TierIdentity, TierWithIdentity } from "../../components/certificates/identity";
import { serverNameOf } from "../../components/certificates/names";
import type { Platform } from "../../components/platform/platform";

/** Identities of which nothing but the names is known, which is all that a configuration says of them. */
export function namedIdentities(platform: Platform): TierIdentities {
    const named = (tier: TierWithIdentity): TierIdentity => {
        const serverName = serverNameOf(platform, tier);
        return { serverName, certificate: "", key: "", authority: "" };
    };
    return {
        loadBalancer: named("loadBalancer"),
        gateway: named("gateway"),
        externalGateway: named("externalGateway"),
    };
}

const identityToken = "otel-collector-tiers:index:GeneratedIdentity";
const stash = "pulumi:index:Stash";

/** The type and name of what is generated for each tier, sorted, with QUARTER for what depends on the day. */
export const identityResources = ["external-gateway", "gateway", "load-balancer"]
    .flatMap((tier) => [
        `${identityToken} ${tier}-identity`,
        `${stash} ${tier}-identity-QUARTER-1`,
        `${stash} ${tier}-identity-authority-1`,
    ])
    .sort();

export const onAnyDay = (label: string) => label.replace(/\d{4}q[1-4]/, "QUARTER");

const pem = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----(\\n)?/g;

/** A value in which each certificate and key stands as what it is: no two runs make the same. */
export const withoutPem = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replace(pem, "$1"));
