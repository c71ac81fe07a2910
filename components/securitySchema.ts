import { isIP } from "node:net";
import { z } from "zod";
import { invalid } from "./errors";
import { oneOf, text, whole } from "./settingsKinds";
import type { Keys } from "./settingsSchema";

/** Where certificates come from. */
export const CertificateSource = {
    /** There are none. */
    off: "off",
    /** The stack makes them, and keeps them encrypted in its state. */
    generated: "generated",
    /** They exist: as files, or as Secrets of the cluster. */
    provided: "provided",
    /** cert-manager makes them in the cluster. */
    certManager: "cert-manager",
} as const;
export type CertificateSource = (typeof CertificateSource)[keyof typeof CertificateSource];

const issuer = z.strictObject(
    {
        name: text,
        kind: z.optional(z.enum(["Issuer", "ClusterIssuer"], "Issuer, ClusterIssuer")),
        group: z.optional(text),
    },
    "a mapping with name and, where wanted, kind, group",
);
const secrets = z.strictObject(
    { loadBalancer: text, gateway: text, externalGateway: text },
    "a mapping with loadBalancer, gateway, externalGateway",
);
const dnsName = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;
const clientName = z
    .string("a host name or an IP address")
    .refine((name) => isIP(name) !== 0 || dnsName.test(name), "a host name or an IP address");
const shortestToken = 16;
const tokenKind = `a text of at least ${shortestToken} characters without spaces`;
const token = z.string(tokenKind).regex(new RegExp(`^\\S{${shortestToken},}$`), tokenKind);

export const securityKeys = {
    mtls: oneOf(CertificateSource),
    certificatesFrom: z.strictObject(
        { folder: z.optional(text), secrets: z.optional(secrets), issuer: z.optional(issuer) },
        "a mapping with folder, secrets or issuer",
    ),
    certificateGeneration: whole(1, 1_000_000),
    clientTls: oneOf(CertificateSource),
    clientTlsFrom: z.strictObject(
        { folder: z.optional(text), secret: z.optional(text), issuer: z.optional(issuer) },
        "a mapping with folder, secret or issuer",
    ),
    clientNames: z.array(clientName, "a list of host names and IP addresses"),
    clientTokens: z.array(token, `a list, each ${tokenKind}`),
};

/** @throws InvalidInput for the first key that does not go with another */
export function checkSecurity(keys: Keys): void {
    const { mtls, certificatesFrom, clientTls, clientTlsFrom } = keys;
    const { folder, secrets, issuer } = certificatesFrom;
    checkSource("mtls", mtls, "certificatesFrom", { folder, secrets, issuer }, keys.platform);
    checkSource(
        "clientTls",
        clientTls,
        "clientTlsFrom",
        { folder: clientTlsFrom.folder, secrets: clientTlsFrom.secret, issuer: clientTlsFrom.issuer ?? issuer },
        keys.platform,
    );
    if (keys.generator && keys.clientTokens.length > 0) {
        const why = "because telemetrygen takes a token only as an argument, which everybody may read";
        throw invalid("generator", true, `false with clientTokens, ${why}`);
    }
    const signsNamesAsGiven = clientTls === CertificateSource.certManager && clientTlsFrom.issuer !== undefined;
    if (keys.generator && signsNamesAsGiven && keys.clientNames.length > 0) {
        const why = "because it reaches the lbs by another name, the cluster's";
        throw invalid("generator", true, `false with clientTlsFrom.issuer and clientNames, ${why}`);
    }
}

interface From {
    folder: unknown;
    secrets: unknown;
    issuer: unknown;
}

function checkSource(
    key: string,
    source: CertificateSource,
    fromKey: string,
    { folder, secrets, issuer }: From,
    platform: Keys["platform"],
): void {
    const onDocker = platform === "docker";
    if (source === CertificateSource.certManager) {
        if (onDocker) throw invalid(key, source, "off, generated or provided, because the platform is docker");
        if (!issuer) throw invalid(`${fromKey}.issuer`, undefined, `the issuer that ${key} ${source} asks`);
    }
    if (source !== CertificateSource.provided) return;
    if (onDocker && secrets) throw invalid(fromKey, "Secrets", "a folder, because the platform is docker");
    if (Boolean(folder) === Boolean(secrets)) {
        const allowed = onDocker ? "the folder that they are in" : "either the folder that they are in, or Secrets";
        throw invalid(fromKey, folder ? "both" : undefined, allowed);
    }
}
