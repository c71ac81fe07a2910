import * as pulumi from "@pulumi/pulumi";
import { type FileContent, isSecretKey, type SecretKey } from "../platform/files";
import type { Issuer, Platform } from "../platform/platform";
import type { CertificateSource } from "../securitySchema";
import { GeneratedIdentity } from "./GeneratedIdentity";
import { type TierIdentities, type TierIdentity, tiersWithIdentity, type TierWithIdentity } from "./identity";
import { serverNameOf, workloadOf } from "./names";
import { type Provided, providedIdentity, requireProvided } from "./provided";

/** Where the identities of the tiers are from. */
export interface IdentitySettings {
    source: CertificateSource;
    from: { folder?: string; secrets?: Record<TierWithIdentity, string>; issuer?: Issuer };
    generation: number;
}

/** Where that is from which the lbs show their clients. */
export interface IngressSettings {
    source: CertificateSource;
    from: {
        folder?: string;
        secret?: string;
        /** Who signs their certificate. */
        issuer?: Issuer;
        /** Who signs an authority for them as for the tiers, where no other signs their certificate. */
        tiersIssuer?: Issuer;
    };
    /** Names and addresses that clients know the lbs by, besides those that the platform gives. */
    names: string[];
    generation: number;
}

/** Both, as the settings of a stack have them. */
interface CertificateSettings {
    identities: IdentitySettings;
    ingress: IngressSettings;
}

/** One identity, wherever it is from. */
interface Wanted extends Provided {
    source: CertificateSource;
    /** Further names and addresses for the certificate. */
    names: string[];
    hasOwnAuthority: boolean;
    issuer?: Issuer;
    generation: number;
}

const thisMachine = ["localhost", "127.0.0.1"];

/** @throws InvalidInput for the first provided one that would not work */
export async function checkCertificates(
    { identities, ingress }: CertificateSettings,
    platform: Platform,
): Promise<void> {
    const wanted = [
        ...tiersWithIdentity.map((tier) => wantedOf(tier, identities, platform)),
        forClients(ingress, platform),
    ];
    const provided = wanted.filter(({ source }) => source === "provided");
    await Promise.all(provided.map((one) => requireProvided(one, platform)));
}

/** The identities of the tiers; undefined where these neither encrypt nor verify. */
export function tierIdentities(settings: IdentitySettings, platform: Platform): TierIdentities | undefined {
    const { source, generation } = settings;
    if (source === "off") return undefined;
    const identity = (tier: TierWithIdentity) => identityFrom(source, wantedOf(tier, settings, platform), platform);
    return {
        loadBalancer: identity("loadBalancer"),
        gateway: identity("gateway"),
        externalGateway: identity("externalGateway"),
        generation,
    };
}

/** What the lbs show their clients; undefined where these send in plain text. */
export function servingIdentity(settings: IngressSettings, platform: Platform): TierIdentity | undefined {
    const { source } = settings;
    return source === "off" ? undefined : identityFrom(source, forClients(settings, platform), platform);
}

/** What a client of the lbs needs besides an address; undefined where it needs nothing. */
export interface ClientAccess {
    serverName?: string;
    /** Who vouches for the lbs: as PEM, or where that is to be read. */
    authority?: pulumi.Input<string>;
    authoritySecret?: SecretKey;
    token?: pulumi.Output<string>;
}

export function clientAccess(
    serving: TierIdentity | undefined,
    tokens: pulumi.Input<string>[] = [],
): ClientAccess | undefined {
    const [token] = tokens;
    if (!serving && token === undefined) return undefined;
    const vouched = (by: FileContent) => (isSecretKey(by) ? { authoritySecret: by } : { authority: by });
    return {
        ...(serving && { serverName: serving.serverName, ...vouched(serving.authority) }),
        ...(token !== undefined && { token: pulumi.secret(token) }),
    };
}

function wantedOf(tier: TierWithIdentity, { source, from, generation }: IdentitySettings, platform: Platform): Wanted {
    const { folder, secrets, issuer } = from;
    const serverName = serverNameOf(platform, tier);
    const isSender = tier !== "externalGateway";
    return {
        source,
        folder,
        issuer,
        generation,
        serverName,
        isSender,
        name: workloadOf[tier],
        secret: secrets?.[tier],
        names: [],
        hasOwnAuthority: true,
    };
}

function forClients({ source, from, names, generation }: IngressSettings, platform: Platform): Wanted {
    const { folder, secret, issuer, tiersIssuer } = from;
    const inside = serverNameOf(platform, "loadBalancer");
    const signsItself = source === "cert-manager" && issuer !== undefined;
    // Who issues for the public signs no name that is not public.
    const isExact = signsItself && names.length > 0;
    return {
        source,
        folder,
        secret,
        issuer: issuer ?? tiersIssuer,
        generation,
        name: "clients",
        serverName: names[0] ?? inside,
        names: isExact ? names : [...names, inside, ...thisMachine],
        hasOwnAuthority: !signsItself,
        isSender: false,
    };
}

function identityFrom(source: Exclude<CertificateSource, "off">, wanted: Wanted, platform: Platform): TierIdentity {
    const name = `${wanted.name}-identity`;
    switch (source) {
        case "generated":
            return new GeneratedIdentity(name, wanted);
        case "provided":
            return providedIdentity(wanted);
        case "cert-manager":
            return platform.issuedIdentity(name, wanted);
    }
}
