import "reflect-metadata"; // the library below asks for it
import * as x509 from "@peculiar/x509";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";

/** A certificate with its private key, both as PEM. */
export interface KeyPair {
    certificate: string;
    key: string;
}

/** What a certificate is for, and for how long. */
export interface Subject {
    commonName: string;
    /** Host names and IP addresses. */
    names: string[];
    notBefore: Date;
    notAfter: Date;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;

x509.cryptoProvider.set(webcrypto as never);

/** An authority that vouches for certificates, and for no further authorities. */
export async function makeAuthority({ commonName, notBefore, notAfter }: Omit<Subject, "names">): Promise<KeyPair> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        name: nameOf(commonName),
        keys,
        notBefore,
        notAfter,
        signingAlgorithm: algorithm,
        extensions: [
            new x509.BasicConstraintsExtension(true, 0, true),
            new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
            await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
    });
    return { certificate: pem(certificate), key: await keyPem(keys) };
}

/** A certificate with which its holder both accepts connections and makes them. */
export async function issue(authority: KeyPair, { commonName, names, ...validity }: Subject): Promise<KeyPair> {
    const issuer = new x509.X509Certificate(authority.certificate);
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.create({
        subject: nameOf(commonName),
        issuer: issuer.subject,
        publicKey: keys.publicKey,
        signingKey: await signingKey(authority.key),
        signingAlgorithm: algorithm,
        ...validity,
        extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(digitalSignature, true),
            new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
            new x509.SubjectAlternativeNameExtension(
                names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
            ),
            await x509.AuthorityKeyIdentifierExtension.create(issuer),
            await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
    });
    return { certificate: pem(certificate), key: await keyPem(keys) };
}

const nameOf = (commonName: string) => new x509.Name([{ CN: [commonName] }]).toString();
const pem = (certificate: x509.X509Certificate) => `${certificate.toString("pem")}\n`;

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
    return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
    return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY")}\n`;
}

async function signingKey(key: string): Promise<webcrypto.CryptoKey> {
    const [der = new ArrayBuffer(0)] = x509.PemConverter.decode(key);
    return webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
}
