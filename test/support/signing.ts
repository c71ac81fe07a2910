import "reflect-metadata"; // the library below asks for it
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import type { KeyPair } from "../../components/certificates/authority";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hourMs = 3_600_000;
const { serverAuth, clientAuth, codeSigning } = x509.ExtendedKeyUsage;
const usages = { server: serverAuth, client: clientAuth, "code signing": codeSigning };

/** A certificate as somebody else would have it made; by default one for both sides of a connection, for an hour. */
export interface Signed {
    commonName?: string;
    dns?: string[];
    isAuthority?: boolean;
    usedBy?: (keyof typeof usages)[];
    notBefore?: Date;
    notAfter?: Date;
}

const now = Date.now();
export const before = new Date(now - 2 * hourMs);
export const after = new Date(now + 2 * hourMs);

/** @param by who signs; absent: its own key does */
export async function signed(wanted: Signed, by?: KeyPair): Promise<KeyPair> {
    const { commonName = "somebody", isAuthority = false, dns = [], usedBy = ["server", "client"] } = wanted;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const [der = new ArrayBuffer(0)] = by ? x509.PemConverter.decode(by.key) : [];
    const signingKey = by
        ? await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"])
        : keys.privateKey;
    const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: by ? new x509.X509Certificate(by.certificate).subject : `CN=${commonName}`,
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        notBefore: wanted.notBefore ?? new Date(now - hourMs),
        notAfter: wanted.notAfter ?? new Date(now + hourMs),
        extensions: [
            new x509.BasicConstraintsExtension(isAuthority, undefined, true),
            ...(dns.length > 0
                ? [new x509.SubjectAlternativeNameExtension(dns.map((value) => ({ type: "dns", value })))]
                : []),
            ...(usedBy.length > 0 ? [new x509.ExtendedKeyUsageExtension(usedBy.map((use) => usages[use]))] : []),
        ],
    });
    const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return {
        certificate: `${certificate.toString("pem")}\n`,
        key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`,
    };
}

/** One who signs others. */
export const authority = (commonName: string, by?: KeyPair, over: Signed = {}): Promise<KeyPair> =>
    signed({ commonName, isAuthority: true, usedBy: [], ...over }, by);
