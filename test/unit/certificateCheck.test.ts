import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeyPair } from "../../components/certificates/authority";
import { type KnownIdentity, requireUsable } from "../../components/certificates/check";
import { InvalidInput } from "../../components/errors";
import { after, authority, before, signed, type Signed } from "../support/signing";

const serverName = "gateway";
const now = new Date();
const where = { certificate: "gateway.crt", key: "gateway.key", authority: "gateway-ca.crt" };

let root: KeyPair;
let between: KeyPair;
beforeAll(async () => {
    root = await authority("root");
    between = await authority("between", root);
});

const chain = (...pairs: KeyPair[]) => pairs.map(({ certificate }) => certificate).join("");
const leaf = (over: Signed = {}, by = root) => signed({ dns: [serverName], ...over }, by);

function identity(pair: KeyPair, over: Partial<Record<keyof typeof where, string>> = {}): KnownIdentity {
    const { certificate, key, authority } = { ...pair, authority: root.certificate, ...over };
    return {
        certificate: { where: where.certificate, pem: certificate },
        key: { where: where.key, pem: key },
        authority: { where: where.authority, pem: authority },
        serverName,
    };
}

const check =
    (known: KnownIdentity, isSender = true) =>
    () =>
        requireUsable(known, now, isSender);
const sentence = (text: string) => new InvalidInput(text);

describe("an identity that collectors accept", () => {
    it("has a certificate of its authority, for its name and both ends", async () => {
        expect(check(identity(await leaf()))).not.toThrow();
    });

    it("may have certificates between it and the authority, in any order, with others among them", async () => {
        const lower = await authority("lower", between);
        const own = await leaf({}, lower);
        const other = await authority("other");
        expect(check(identity(own, { certificate: chain(own, between, other, lower) }))).not.toThrow();
    });

    it("may be recognised by one of several authorities, also by one that another vouches for", async () => {
        const several = chain(await authority("old"), root);
        expect(check(identity(await leaf(), { authority: several }))).not.toThrow();
        expect(check(identity(await leaf({}, between), { authority: between.certificate }))).not.toThrow();
    });

    it("may vouch for itself", async () => {
        const own = await signed({ dns: [serverName] });
        expect(check(identity(own, { authority: own.certificate }))).not.toThrow();
    });

    it("may say nothing of what it is for, or be for a server alone where it sends to nobody", async () => {
        expect(check(identity(await leaf({ usedBy: [] })))).not.toThrow();
        expect(check(identity(await leaf({ usedBy: ["server"] })), false)).not.toThrow();
    });

    it("may be for any name of a domain, or have text around its PEM", async () => {
        const own = await leaf({ dns: ["*.example.com"] });
        const known = identity(own, { certificate: `subject=gateway\n${own.certificate}\n# end\n` });
        expect(check({ ...known, serverName: "gateway.example.com" })).not.toThrow();
    });
});

describe("an identity that collectors would not accept is refused", () => {
    it("with another certificate's key", async () => {
        const { key } = await leaf();
        expect(check(identity(await leaf(), { key }))).toThrow(
            sentence(`gateway.key is "another certificate's key"; allowed: the private key of gateway.crt`),
        );
    });

    it("with another name", async () => {
        expect(check(identity(await leaf({ dns: ["gateway-1", "external-gateway"] })))).toThrow(
            sentence('the name in gateway.crt is "DNS:gateway-1, DNS:external-gateway"; allowed: one that is gateway'),
        );
    });

    it("with its name as the common name alone, at which no collector looks", async () => {
        expect(check(identity(await signed({ commonName: serverName }, root)))).toThrow(
            sentence('the name in gateway.crt is "none"; allowed: one that is gateway'),
        );
    });

    it("when it has expired", async () => {
        const own = await leaf({ notBefore: new Date(before.getTime() - 1_000), notAfter: before });
        expect(check(identity(own))).toThrow(InvalidInput);
        expect(check(identity(own))).toThrow(
            /^gateway\.crt is "valid until .* GMT"; allowed: a certificate that has not expired$/,
        );
    });

    it("when it is not valid yet", async () => {
        const own = await leaf({ notBefore: after, notAfter: new Date(after.getTime() + 1_000) });
        expect(check(identity(own))).toThrow(
            /^gateway\.crt is "valid from .* GMT"; allowed: a certificate that is valid already$/,
        );
    });

    it("when one between it and the authority has expired", async () => {
        const stale = await authority("stale", root, { notBefore: new Date(0), notAfter: before });
        const own = await leaf({}, stale);
        expect(check(identity(own, { certificate: chain(own, stale) }))).toThrow(/^gateway\.crt is "valid until /);
    });

    it("when its authority has expired", async () => {
        const stale = await authority("stale", undefined, { notBefore: new Date(0), notAfter: before });
        const own = await leaf({}, stale);
        expect(check(identity(own, { authority: stale.certificate }))).toThrow(/^gateway-ca\.crt is "valid until /);
    });

    const isOf = (issuer: string) =>
        sentence(`gateway.crt is "a certificate of CN=${issuer}"; allowed: one that gateway-ca.crt vouches for`);

    it("with another authority, also with one of the same name", async () => {
        expect(check(identity(await leaf({}, await authority("other"))))).toThrow(isOf("other"));
        expect(check(identity(await leaf({}, await authority("root"))))).toThrow(isOf("root"));
    });

    it("without the certificates between it and the authority", async () => {
        expect(check(identity(await leaf({}, between)))).toThrow(isOf("between"));
    });

    it("when what vouches for it may not", async () => {
        const own = await signed({ commonName: "no authority" }, root);
        const below = await leaf({}, own);
        expect(check(identity(below, { authority: own.certificate }))).toThrow(isOf("no authority"));
        expect(check(identity(below, { certificate: chain(below, own) }))).toThrow(isOf("no authority"));
    });

    it.each<[NonNullable<Signed["usedBy"]>, boolean, string]>([
        [["server"], true, 'is ["server"]; allowed: server and client'],
        [["client"], true, 'is ["client"]; allowed: server and client'],
        [["client"], false, 'is ["client"]; allowed: server'],
        [["code signing"], false, 'is ["1.3.6.1.5.5.7.3.3"]; allowed: server'],
    ])("when it is for %j, and it is a sender: %s", async (usedBy, isSender, rest) => {
        expect(check(identity(await leaf({ usedBy })), isSender)).toThrow(
            sentence(`the extended key usage in gateway.crt ${rest}`),
        );
    });
});

describe("what is no PEM is refused", () => {
    const certificates = "certificates as PEM";
    const privateKey = "a private key as PEM, without a passphrase";

    it.each([
        ["certificate", "text", `gateway.crt is "something else"; allowed: ${certificates}`],
        ["certificate", "", `gateway.crt is not set; allowed: ${certificates}`],
        ["authority", "\n", `gateway-ca.crt is not set; allowed: ${certificates}`],
        ["key", "text", `gateway.key is "something else"; allowed: ${privateKey}`],
        ["key", "", `gateway.key is not set; allowed: ${privateKey}`],
    ])("as the %s: %j", async (part, pem, text) => {
        expect(check(identity(await leaf(), { [part]: pem }))).toThrow(sentence(text));
    });

    it("as the certificate, when it only looks like one", async () => {
        const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        expect(check(identity(await leaf(), { certificate }))).toThrow(
            /^gateway\.crt holds a certificate that cannot be read: /,
        );
    });

    it("as the certificate, when it is the key, which is not shown", async () => {
        const own = await leaf();
        const swapped = check(identity(own, { certificate: own.key }));
        expect(swapped).toThrow(sentence(`gateway.crt is "something else"; allowed: ${certificates}`));
    });

    it("as the key, when it has a passphrase", async () => {
        const own = await leaf();
        const args = ["pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes256"];
        const key = execFileSync("openssl", args, { input: own.key }).toString();
        expect(key).toContain("ENCRYPTED");
        expect(check(identity(own, { key }))).toThrow(
            sentence(`gateway.key is "something else"; allowed: ${privateKey}`),
        );
    });
});
