import "reflect-metadata"; // the library below asks for it
import * as x509 from "@peculiar/x509";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { issue, type KeyPair, makeAuthority } from "../../components/certificates/authority";

const hourMs = 3_600_000;
const at = Math.floor(Date.now() / 1_000) * 1_000;
const validity = { notBefore: new Date(at - hourMs), notAfter: new Date(at + hourMs) };
const names = ["gateway", "gateway.telemetry.svc", "*.example.com", "10.1.2.3", "fd00::1"];
const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
const oids = { serverAuth: "1.3.6.1.5.5.7.3.1", clientAuth: "1.3.6.1.5.5.7.3.2" };

let authority: KeyPair;
let other: KeyPair;
let pair: KeyPair;
beforeAll(async () => {
    authority = await makeAuthority({ commonName: "the authority", ...validity });
    other = await makeAuthority({ commonName: "the authority", ...validity });
    pair = await issue(authority, { commonName: "a gateway", names, ...validity });
});

const parsed = ({ certificate }: KeyPair) => new X509Certificate(certificate);
const extension = <T extends x509.Extension>(of: KeyPair, type: new (...args: never[]) => T) =>
    new x509.X509Certificate(of.certificate).extensions.find((one): one is T => one instanceof type);

describe("an authority", () => {
    it("vouches for itself, and for others, whose certificates may not do so in turn", () => {
        const own = parsed(authority);
        expect(own.subject).toBe("CN=the authority");
        expect(own.issuer).toBe("CN=the authority");
        expect(own.ca).toBe(true);
        expect(own.verify(own.publicKey)).toBe(true);
        expect(extension(authority, x509.BasicConstraintsExtension)).toMatchObject({ pathLength: 0, critical: true });
    });

    it("is for signing certificates alone", () => {
        const usages = extension(authority, x509.KeyUsagesExtension);
        expect(usages).toMatchObject({ usages: keyCertSign | cRLSign, critical: true });
        expect(extension(authority, x509.ExtendedKeyUsageExtension)).toBeUndefined();
    });
});

describe("a certificate", () => {
    it("is from its authority, and not from another of the same name", () => {
        const own = parsed(pair);
        expect(own.checkIssued(parsed(authority))).toBe(true);
        expect(own.verify(parsed(authority).publicKey)).toBe(true);
        expect(own.verify(parsed(other).publicKey)).toBe(false);
    });

    it("is for the names and addresses that were asked for, and no others", () => {
        const own = parsed(pair);
        expect(own.subject).toBe("CN=a gateway");
        expect(own.subjectAltName?.split(", ")).toEqual([
            "DNS:gateway",
            "DNS:gateway.telemetry.svc",
            "DNS:*.example.com",
            "IP Address:10.1.2.3",
            "IP Address:FD00:0:0:0:0:0:0:1",
        ]);
        expect([own.checkHost("otlp.example.com"), own.checkIP("fd00::1")]).not.toContain(undefined);
        expect([own.checkHost("external-gateway"), own.checkIP("10.1.2.4")]).toEqual([undefined, undefined]);
    });

    it("is for both ends of a connection, and signs no other", () => {
        expect(parsed(pair).ca).toBe(false);
        expect(parsed(pair).keyUsage.sort()).toEqual([oids.serverAuth, oids.clientAuth]);
        const usages = extension(pair, x509.KeyUsagesExtension);
        expect(usages).toMatchObject({ usages: digitalSignature, critical: true });
    });

    it("has its key, on the curve P-256, and no other pair has it", async () => {
        const own = parsed(pair);
        expect(own.checkPrivateKey(createPrivateKey(pair.key))).toBe(true);
        expect(own.checkPrivateKey(createPrivateKey(authority.key))).toBe(false);
        expect(own.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
        const again = await issue(authority, { commonName: "a gateway", names, ...validity });
        expect(parsed(again).checkPrivateKey(createPrivateKey(pair.key))).toBe(false);
        expect(parsed(again).serialNumber).not.toBe(own.serialNumber);
    });

    it("is valid for as long as was asked for", () => {
        for (const one of [pair, authority].map(parsed)) {
            expect([new Date(one.validFrom), new Date(one.validTo)]).toEqual([validity.notBefore, validity.notAfter]);
        }
    });
});

describe("two ends that know one another's authority", () => {
    /** Whether both ends of a connection take the other; the client expects a name. */
    async function agree(client: KeyPair, { trusts, serverName }: { trusts: KeyPair; serverName: string }) {
        const ca = authority.certificate;
        const server = createServer({ cert: pair.certificate, key: pair.key, ca, requestCert: true });
        const accepted = new Promise<boolean>((resolve) => {
            server.once("secureConnection", (socket: TLSSocket) => {
                socket.once("data", () => resolve(true));
                socket.once("error", () => resolve(false));
            });
            server.once("tlsClientError", () => resolve(false));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const identity = { cert: client.certificate, key: client.key, ca: trusts.certificate };
        const socket = connect({ host: "127.0.0.1", port, servername: serverName, ...identity });
        socket.once("secureConnect", () => socket.write("hello")).once("error", () => socket.destroy());
        const both = await accepted;
        socket.destroy();
        await new Promise((resolve) => server.close(resolve));
        return both;
    }

    it("take each other's certificates, in a real handshake", async () => {
        expect(await agree(pair, { trusts: authority, serverName: "gateway" })).toBe(true);
    });

    it("do not when the name is another, or the authority of either end", async () => {
        const stranger = await issue(other, { commonName: "a gateway", names, ...validity });
        expect(await agree(pair, { trusts: authority, serverName: "external-gateway" })).toBe(false);
        expect(await agree(pair, { trusts: other, serverName: "gateway" })).toBe(false);
        expect(await agree(stranger, { trusts: authority, serverName: "gateway" })).toBe(false);
    });
});
