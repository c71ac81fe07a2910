import * as pulumi from "@pulumi/pulumi";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { GeneratedIdentity, type GeneratedIdentityArgs } from "../../components/certificates/GeneratedIdentity";
import { requireUsable } from "../../components/certificates/check";
import type { TierIdentity } from "../../components/certificates/identity";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";

const token = "otel-collector-tiers:index:GeneratedIdentity";
const stash = "pulumi:index:Stash";
const at = new Date("2026-05-17T10:00:00Z");
const dayMs = 86_400_000;

describe.each(runs)("a GeneratedIdentity in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(preview);
    });

    const declare = (over: Partial<GeneratedIdentityArgs> = {}) =>
        engine.run(() => new GeneratedIdentity("gateway-identity", { serverName: "gateway", at, ...over }));
    const made = async (over?: Partial<GeneratedIdentityArgs>) => {
        const { certificate, key, authority }: TierIdentity = await declare(over);
        return (await known({ certificate, key, authority })) as Record<"certificate" | "key" | "authority", string>;
    };
    const children = () => engine.byType(stash).map(({ name }) => name);

    it("is an authority and a certificate, which the engine keeps: both are its children", async () => {
        await declare();
        const [component, ...others] = engine.byType(token);
        expect(others).toEqual([]);
        expect(component).toMatchObject({ name: "gateway-identity", parent: "" });
        expect(children()).toEqual(["gateway-identity-authority-1", "gateway-identity-2026q2-1"]);
        for (const { parent } of engine.byType(stash)) expect(parent).toBe(component?.urn);
    });

    it("keeps what was made first, as a secret that goes in and comes out", async () => {
        await declare();
        for (const { secrets, ignoreChanges, secretOutputs } of engine.byType(stash)) {
            expect(secrets).toEqual(["input"]);
            expect(ignoreChanges).toEqual(["input"]);
            expect(secretOutputs.sort()).toEqual(["input", "output"]);
        }
    });

    it("has its key as a secret, and what everybody may see as none", async () => {
        const identity = await declare();
        expect(await pulumi.isSecret(identity.key)).toBe(true);
        expect(await pulumi.isSecret(identity.certificate)).toBe(false);
        expect(await pulumi.isSecret(identity.authority)).toBe(false);
    });

    it("shows its name and its authority, and no key", async () => {
        const identity = await declare();
        const [component] = engine.byType(token);
        const shown = engine.outputs.get(component?.urn ?? "");
        expect(shown).toEqual({ serverName: "gateway", authority: await known(identity.authority) });
        expect(JSON.stringify(shown)).not.toContain("PRIVATE KEY");
    });

    it("is one that collectors accept, on both ends", async () => {
        const parts = Object.entries(await made()).map(([part, pem]) => [part, { where: part, pem }]);
        const identity = { ...Object.fromEntries(parts), serverName: "gateway" } as Parameters<typeof requireUsable>[0];
        expect(() => requireUsable(identity, at, true)).not.toThrow();
    });

    it("has a certificate for a year and an authority for ten, from a day ago, because clocks differ", async () => {
        const { certificate, key, authority } = await made();
        const own = new X509Certificate(certificate);
        const daysOf = ({ validFrom, validTo }: X509Certificate) =>
            [validFrom, validTo].map((date) => (new Date(date).getTime() - at.getTime()) / dayMs);
        expect(daysOf(own)).toEqual([-1, 365]);
        expect(daysOf(new X509Certificate(authority))).toEqual([-1, 3_650]);
        expect(own.checkPrivateKey(createPrivateKey(key))).toBe(true);
    });

    it("is for its name and the further ones, each once", async () => {
        const { certificate } = await made({ names: ["gateway", "localhost", "127.0.0.1"] });
        const names = new X509Certificate(certificate).subjectAltName;
        expect(names).toBe("DNS:gateway, DNS:localhost, IP Address:127.0.0.1");
    });

    it.each([
        ["2026-03-31T23:59:59Z", "gateway-identity-2026q1-1"],
        ["2026-04-01T00:00:00Z", "gateway-identity-2026q2-1"],
        ["2026-12-31T23:59:59Z", "gateway-identity-2026q4-1"],
        ["2027-01-01T00:00:00Z", "gateway-identity-2027q1-1"],
    ])("renews its certificate alone with the quarter: at %s it is %s", async (time, certificate) => {
        await declare({ at: new Date(time) });
        expect(children()).toEqual(["gateway-identity-authority-1", certificate]);
    });

    it("has another authority and another certificate with another generation", async () => {
        await declare({ generation: 2 });
        expect(children()).toEqual(["gateway-identity-authority-2", "gateway-identity-2026q2-2"]);
    });

    it("takes undefined as the default", async () => {
        await declare({ names: undefined, generation: undefined, at: undefined });
        expect(children()[0]).toBe("gateway-identity-authority-1");
    });
});
