import { X509Certificate } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import topology from "../../index";
import { filesOf, replicasIn } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn(() => Promise.resolve()) }));

const tiers = ["external-gateway", "gateway", "load-balancer"];
const tokens = ["SECRET-one-SECRET-one", "SECRET-two-SECRET-two"];

describe.each(runs)("the certificates of a stack in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(preview);
    });

    const run = async (keys: Record<string, unknown> = {}) => {
        configure(keys);
        return known(await engine.run(topology));
    };
    /** What a tier's replicas find besides their configuration, by the file's name. */
    const rereadBy = (tier: string): Record<string, string> =>
        Object.fromEntries(
            filesOf(engine, tier)
                .uploads.filter(({ file }) => !file.endsWith("config.yaml"))
                .map(({ file, content }) => [file.replace("/etc/otelcol/", ""), content]),
        );
    const certificate = (tier: string, file = "tls.crt") => new X509Certificate(rereadBy(tier)[file] ?? "");
    const isOf = (one: X509Certificate, by: X509Certificate) => one.verify(by.publicKey);

    it("give each tier its own identity, and what it knows its neighbours by", async () => {
        await run();
        expect(tiers.map((tier) => Object.keys(rereadBy(tier)))).toEqual([
            ["tls.crt", "tls.key", "senders-ca.crt"],
            ["tls.crt", "tls.key", "senders-ca.crt", "next-ca.crt"],
            ["tls.crt", "tls.key", "next-ca.crt"],
        ]);
        const names = tiers.map((tier) => certificate(tier).subjectAltName);
        expect(names).toEqual(tiers.map((tier) => `DNS:${tier}`));
    });

    it("let a tier accept the one before it, and no other", async () => {
        await run();
        const accepts = (receiver: string) =>
            tiers.filter((sender) => isOf(certificate(sender), certificate(receiver, "senders-ca.crt")));
        expect([accepts("external-gateway"), accepts("gateway")]).toEqual([["gateway"], ["load-balancer"]]);
    });

    it("let a tier send to the next, and to no other", async () => {
        await run();
        const trusts = (sender: string) =>
            tiers.filter((receiver) => isOf(certificate(receiver), certificate(sender, "next-ca.crt")));
        expect([trusts("load-balancer"), trusts("gateway")]).toEqual([["gateway"], ["external-gateway"]]);
    });

    it("have their keys in nothing but secrets, and tokens too", async () => {
        const outputs = await run({ clientTls: "generated", clientTokens: tokens });
        const leaks = engine.resources.flatMap(({ name, inputs, secrets }) =>
            textsIn(inputs)
                .filter(([, text]) => /PRIVATE KEY|SECRET/.test(text))
                .filter(([path]) => !secrets.some((secret) => path === secret || path.startsWith(`${secret}.`)))
                .map(([path]) => `${name} ${path}`),
        );
        expect(leaks).toEqual([]);
        expect(JSON.stringify([...engine.outputs])).not.toMatch(/PRIVATE KEY|SECRET/);
        expect(JSON.stringify(outputs)).not.toContain("PRIVATE KEY");
        expect(
            filesOf(engine, "load-balancer")
                .uploads.map(({ content }) => content)
                .join(),
        ).toMatch(/PRIVATE KEY/);
    });

    it("start every collector again with another generation, and nothing else does it", async () => {
        const generations = () =>
            replicasIn(engine).map(({ inputs }) =>
                (inputs.envs as string[]).find((one) => one.startsWith("CERTIFICATE_GENERATION=")),
            );
        await run({ certificateGeneration: 7 });
        expect(new Set(generations())).toEqual(new Set(["CERTIFICATE_GENERATION=7"]));
        engine = await RecordingEngine.start(preview);
        await run({ mtls: "off", certificateGeneration: 7 });
        expect(new Set(generations())).toEqual(new Set([undefined]));
    });

    it("are none where they are off: no file, no identity, plain text between the tiers", async () => {
        await run({ mtls: "off" });
        expect(engine.byType("pulumi:index:Stash")).toEqual([]);
        expect(tiers.map(rereadBy)).toEqual([{}, {}, {}]);
        for (const tier of tiers) expect(filesOf(engine, tier).config).not.toContain("tls.crt");
        expect(filesOf(engine, "load-balancer").config.match(/insecure: true/g)).toHaveLength(3);
    });

    it("for clients are for every name that these may know, by an authority that the outputs show", async () => {
        const outputs = await run({ clientTls: "generated", clientNames: ["otlp.example.com", "203.0.113.7"] });
        const own = certificate("load-balancer", "clients.crt");
        expect(own.subjectAltName?.split(", ")).toEqual([
            "DNS:otlp.example.com",
            "IP Address:203.0.113.7",
            "DNS:load-balancer",
            "DNS:localhost",
            "IP Address:127.0.0.1",
        ]);
        expect(outputs.http).toEqual(["https://127.0.0.1:4318"]);
        expect(outputs.access).toEqual({ serverName: "otlp.example.com", authority: expect.any(String) as string });
        expect(isOf(own, new X509Certificate(String(outputs.access?.authority)))).toBe(true);
        for (const tier of ["gateway", "external-gateway"]) {
            expect(Object.keys(rereadBy(tier)).join()).not.toContain("clients");
        }
    });

    it("for clients are for those names whatever issuer is named, which signs nothing that the stack makes", async () => {
        const clientTlsFrom = { issuer: { name: "public" } };
        await run({ clientTls: "generated", clientTlsFrom, clientNames: ["otlp.example.com"] });
        const { subjectAltName } = certificate("load-balancer", "clients.crt");
        expect(subjectAltName).toBe("DNS:otlp.example.com, DNS:load-balancer, DNS:localhost, IP Address:127.0.0.1");
    });

    it("for clients are verified by the generator too", async () => {
        await run({ clientTls: "generated", generator: true });
        const own = certificate("load-balancer", "clients.crt");
        expect(isOf(own, certificate("generator", "ca.crt"))).toBe(true);
        expect(Object.keys(rereadBy("generator"))).toEqual(["ca.crt"]);
    });

    it("go with tokens, of which clients show one: all in the configuration, which is a secret then, and the first in the outputs", async () => {
        const outputs = await run({ clientTokens: tokens });
        const { config, secrets } = filesOf(engine, "load-balancer");
        for (const token of tokens) expect(config).toContain(`- ${token}\n`);
        expect(secrets).toContain("uploads.0.content");
        expect(outputs.access).toEqual({ token: tokens[0] });
        expect(outputs.http).toEqual(["http://127.0.0.1:4318"]);
    });
});

/** Every text in a value, with its path. */
function textsIn(value: unknown, path: string[] = []): [string, string][] {
    if (typeof value === "string") return [[path.join("."), value]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}
