import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { invalid, InvalidInput } from "../errors";

/** An identity whose parts are known, with where each comes from as its owner writes it. */
export interface KnownIdentity {
    certificate: Part;
    key: Part;
    authority: Part;
    /** The name that the certificate has to be for. */
    serverName: string;
}

interface Part {
    where: string;
    pem: string;
}

/** What a certificate may be used for, where it says. */
const usages = { "1.3.6.1.5.5.7.3.1": "server", "1.3.6.1.5.5.7.3.2": "client" } as const;
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Looks whether collectors will accept one another with it.
 * @param at when
 * @param isSender whether its holder also shows it to whom it sends to
 * @throws InvalidInput for the first thing that does not fit
 */
export function requireUsable(
    { certificate, key, authority, serverName }: KnownIdentity,
    at: Date,
    isSender: boolean,
): void {
    const [own, ...between] = certificatesIn(certificate);
    const roots = certificatesIn(authority);
    if (!own) throw invalid(certificate.where, "empty", "a certificate as PEM");
    if (!own.checkPrivateKey(privateKeyIn(key))) {
        throw invalid(key.where, "another certificate's key", `the private key of ${certificate.where}`);
    }
    for (const one of [own, ...between]) requireValid(certificate, one, at);
    for (const one of roots) requireValid(authority, one, at);
    // A collector does not look at the common name.
    const isFor = isIP(serverName) ? own.checkIP(serverName) : own.checkHost(serverName, { subject: "never" });
    if (isFor === undefined) {
        throw invalid(`the name in ${certificate.where}`, own.subjectAltName ?? "none", `one that is ${serverName}`);
    }
    const needed = isSender ? (["server", "client"] as const) : (["server"] as const);
    const uses = (own.keyUsage as string[] | undefined)?.map((id) => usages[id as keyof typeof usages] ?? id);
    if (uses && !needed.every((use) => uses.includes(use))) {
        throw invalid(`the extended key usage in ${certificate.where}`, uses, needed.join(" and "));
    }
    if (!leadsTo(own, between, roots)) {
        throw invalid(certificate.where, `a certificate of ${own.issuer}`, `one that ${authority.where} vouches for`);
    }
}

function certificatesIn({ where, pem }: Part): X509Certificate[] {
    const blocks = pem.match(block);
    if (!blocks) throw invalid(where, insteadOf(pem), "certificates as PEM");
    return blocks.map((text) => {
        try {
            return new X509Certificate(text);
        } catch (error) {
            throw new InvalidInput(`${where} holds a certificate that cannot be read: ${(error as Error).message}`);
        }
    });
}

function privateKeyIn({ where, pem }: Part): KeyObject {
    try {
        return createPrivateKey(pem);
    } catch {
        throw invalid(where, insteadOf(pem), "a private key as PEM, without a passphrase");
    }
}

const insteadOf = (pem: string) => (pem.trim() === "" ? undefined : "something else");

function requireValid({ where }: Part, certificate: X509Certificate, at: Date): void {
    const { validFrom, validTo } = certificate;
    if (at > new Date(validTo)) throw invalid(where, `valid until ${validTo}`, "a certificate that has not expired");
    if (at < new Date(validFrom))
        throw invalid(where, `valid from ${validFrom}`, "a certificate that is valid already");
}

function leadsTo(own: X509Certificate, between: X509Certificate[], roots: X509Certificate[]): boolean {
    const issued = (by: X509Certificate) => by.ca && own.checkIssued(by) && own.verify(by.publicKey);
    if (roots.some((root) => root.raw.equals(own.raw) || issued(root))) return true;
    const next = between.find(issued);
    return (
        next !== undefined &&
        leadsTo(
            next,
            between.filter((one) => one !== next),
            roots,
        )
    );
}
