import { describe, expect, it } from "vitest";
import { at, type Config, section } from "../../components/collector/config";
import {
    externalTls,
    identityFiles,
    nextTierProvesItself,
    ringTls,
    sendersProveThemselves,
    withNextTier,
    withoutSenderCheck,
} from "../../components/collector/mtls";
import { filesFolder } from "../../components/tier";
import { changed, shipped } from "../support/configs";

const receiver = "receivers.otlp.protocols.grpc.tls";
const receiverOf = (config: Config) => section(config, ...receiver.split("."));
const inFolder = (file: keyof typeof identityFiles) => `${filesFolder}/${identityFiles[file]}`;
const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];

const senders = [
    { tier: "an lb", config: shipped.loadBalancer(), paths: ringTls(shipped.loadBalancer()) },
    { tier: "a gateway", config: shipped.gateway(), paths: externalTls(shipped.gateway()) },
];
const receivers = [
    { tier: "a gateway", config: shipped.gateway() },
    { tier: "the external gateway", config: shipped.externalGateway() },
];

describe("the configurations that ship", () => {
    it.each(receivers)("have $tier ask senders for a certificate, in the files that it is given", ({ config }) => {
        expect(sendersProveThemselves(config)).toEqual([]);
        expect(receiverOf(config)).toMatchObject({
            cert_file: inFolder("certificate"),
            key_file: inFolder("key"),
            client_ca_file: inFolder("senders"),
            min_version: "1.3",
        });
    });

    it.each(senders)("have $tier verify whom it sends to, by the files that it is given", ({ config, paths }) => {
        expect(nextTierProvesItself(config, paths)).toEqual([]);
        for (const path of paths) {
            expect(section(config, ...path)).toMatchObject({
                cert_file: inFolder("certificate"),
                key_file: inFolder("key"),
                ca_file: inFolder("next"),
                min_version: "1.3",
            });
        }
    });

    it("have one place for it in each ring of an lb", () => {
        const expected = rings.map((id) => ["exporters", id, "protocol", "otlp", "tls"]);
        expect(ringTls(shipped.loadBalancer())).toEqual(expected);
    });
});

describe("a configuration is completed", () => {
    it.each(senders)("with the name that $tier expects of the next, and nothing else", ({ config, paths }) => {
        const done = withNextTier(config, paths, "name.example");
        for (const path of paths) {
            const before = section(config, ...path);
            expect(section(done, ...path)).toEqual({ ...before, server_name_override: "name.example" });
        }
        const unnamed = (of: Config) =>
            paths.reduce((left, path) => changed(left, [...path, "server_name_override"].join("."), null), of);
        expect(unnamed(done)).toEqual(unnamed(config));
    });

    it.each(senders)("with plain text from $tier where there are no identities", ({ config, paths }) => {
        const done = withNextTier(config, paths, undefined);
        for (const path of paths) expect(section(done, ...path)).toEqual({ insecure: true });
        expect(JSON.stringify(section(done, "exporters"))).not.toContain(filesFolder);
    });

    it.each(receivers)("with no TLS at $tier where there are no identities", ({ config }) => {
        const done = withoutSenderCheck(config);
        expect(section(done, "receivers", "otlp", "protocols", "grpc")).not.toHaveProperty("tls");
        expect(at(done, "receivers", "otlp", "protocols", "grpc", "endpoint")).toBe("0.0.0.0:4317");
        expect(JSON.stringify(section(done, "receivers"))).not.toContain(filesFolder);
    });
});

const proof = "mtls/senders-prove-themselves";
const verified = "mtls/next-tier-proves-itself";
const readAgain = "mtls/certificates-are-read-again";

describe.each(receivers)("at the receiver of $tier", ({ config }) => {
    it.each<[string, string, unknown]>([
        [proof, "cert_file", null],
        [proof, "cert_file", ""],
        [proof, "client_ca_file", null],
        [proof, "client_ca_file", ""],
        [proof, "client_ca_file", 7],
        [readAgain, "client_ca_file_reload", null],
        [readAgain, "client_ca_file_reload", false],
        [readAgain, "reload_interval", null],
        [readAgain, "reload_interval", "0s"],
        [readAgain, "reload_interval", "soon"],
    ])("%s is broken by %s: %j", (rule, key, value) => {
        const path = `${receiver}.${key}`;
        const got = value === null ? undefined : value;
        const violations = sendersProveThemselves(changed(config, path, value));
        expect(violations).toEqual([{ rule, path, got, allowed: expect.any(String) as string }]);
    });

    it("all that it has to ask is missed where there is no TLS at all", () => {
        const rules = sendersProveThemselves(changed(config, receiver, null)).map(({ rule }) => rule);
        expect(rules).toEqual([proof, proof, readAgain, readAgain]);
    });
});

describe.each(senders)("at the exporters of $tier", ({ config, paths }) => {
    const cases = paths.flatMap((path) =>
        [
            [verified, "insecure", true],
            [verified, "insecure", "${env:INSECURE}"],
            [verified, "insecure_skip_verify", true],
            [verified, "ca_file", null],
            [verified, "ca_file", true],
            [readAgain, "reload_interval", null],
            [readAgain, "reload_interval", "0s"],
        ].map(([rule, key, value]) => ({ rule, path: [...path, key].join("."), value })),
    );

    it.each(cases)("$rule is broken by $path: $value", ({ rule, path, value }) => {
        const got = value === null ? undefined : value;
        const violations = nextTierProvesItself(changed(config, path, value), paths);
        expect(violations).toEqual([{ rule, path, got, allowed: expect.any(String) as string }]);
    });
});
