import type { KubernetesObject, V1StatefulSet, V1VolumeProjection } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import type { KeyPair } from "../../../components/certificates/authority";
import { InvalidInput } from "../../../components/errors";
import { type Keys, type KubernetesRun, objectsOf, runOnKubernetes } from "../../support/kubernetesStack";
import { runs } from "../../support/runs";
import { authority, signed } from "../../support/signing";

const tiers = ["external-gateway", "gateway", "load-balancer"] as const;
const secrets = { loadBalancer: "lb-tls", gateway: "gateway-tls", externalGateway: "out-tls" };
const provided = { mtls: "provided", certificatesFrom: { secrets } };
/** What only encrypted ingress gives up, where it asks for no token. */
const waived = ["ingress/knows-its-clients"];
const part = (secret: string, key: string, path = key) => ({ secret, key, path });

/** The files of a workload that come from Secrets, as "secret, key, path". */
function partsOf(on: KubernetesRun, workload: string) {
    const volumes = on.object<V1StatefulSet>("StatefulSet", workload).spec?.template.spec?.volumes;
    const sources: V1VolumeProjection[] = volumes?.find(({ name }) => name === "files")?.projected?.sources ?? [];
    return sources.flatMap(
        ({ secret }) => secret?.items?.map(({ key, path }) => part(secret.name ?? "", key, path)) ?? [],
    );
}

describe("certificates in Secrets that exist", () => {
    it("are mounted from there, and stand in nothing of the stack", async () => {
        const on = await runOnKubernetes(provided);
        expect(tiers.map((tier) => partsOf(on, tier))).toEqual([
            [part("out-tls", "tls.crt"), part("out-tls", "tls.key"), part("gateway-tls", "ca.crt", "senders-ca.crt")],
            [
                part("gateway-tls", "tls.crt"),
                part("gateway-tls", "tls.key"),
                part("lb-tls", "ca.crt", "senders-ca.crt"),
                part("out-tls", "ca.crt", "next-ca.crt"),
            ],
            [part("lb-tls", "tls.crt"), part("lb-tls", "tls.key"), part("gateway-tls", "ca.crt", "next-ca.crt")],
        ]);
        expect(on.engine.byType("kubernetes:core/v1:Secret")).toEqual([]);
        expect(on.engine.byType("pulumi:index:Stash")).toEqual([]);
    });

    it("for clients are mounted in the same way, and whoever looks up an lb is told where its authority is", async () => {
        const keys = { mtls: "off", clientTls: "provided", clientTlsFrom: { secret: "otlp" } };
        const on = await runOnKubernetes({ ...keys, generator: true, waived });
        expect(partsOf(on, "load-balancer")).toEqual([
            part("otlp", "tls.crt", "clients.crt"),
            part("otlp", "tls.key", "clients.key"),
        ]);
        expect(partsOf(on, "generator")).toEqual([part("otlp", "ca.crt")]);
        expect(on.outputs.access).toEqual({
            serverName: "load-balancer.otel-collector-tiers.svc",
            authoritySecret: { secret: "otlp", key: "ca.crt" },
        });
    });

    const secretOf = ({ certificate, key }: KeyPair, by: KeyPair) => ({
        "tls.crt": certificate,
        "tls.key": key,
        "ca.crt": by.certificate,
    });
    const nameOf = (tier: string) => `${tier}.otel-collector-tiers.svc`;

    async function existing(): Promise<Record<string, Record<string, string>>> {
        const by = await authority("root");
        const one = async (tier: string) => secretOf(await signed({ dns: [nameOf(tier)] }, by), by);
        return {
            "lb-tls": await one("load-balancer"),
            "gateway-tls": await one("gateway"),
            "out-tls": await one("external-gateway"),
        };
    }

    it("are looked at, where this user may read them", async () => {
        const on = await runOnKubernetes(provided, { secrets: await existing() });
        expect(partsOf(on, "gateway")).toHaveLength(4);
    });

    it("are refused when they would not work, before anything is created", async () => {
        const good = await existing();
        const refused = async (found: typeof good, sentence: string) => {
            const run = runOnKubernetes(provided, { secrets: found });
            await expect(run).rejects.toThrow(InvalidInput);
            await expect(run).rejects.toThrow(sentence);
        };
        const { "ca.crt": ca, ...withoutAuthority } = good["gateway-tls"] ?? {};
        expect(ca).toContain("CERTIFICATE");
        await refused(
            { ...good, "gateway-tls": withoutAuthority },
            "ca.crt of the Secret gateway-tls is not set; allowed: certificates as PEM",
        );
        await refused(
            { ...good, "gateway-tls": good["lb-tls"] ?? {} },
            `the name in tls.crt of the Secret gateway-tls is "DNS:${nameOf("load-balancer")}"; ` +
                `allowed: one that is ${nameOf("gateway")}`,
        );
    });
});

describe.each(runs)("certificates by cert-manager in $run", ({ preview }) => {
    const issuer = { name: "internal", kind: "ClusterIssuer" };
    const certManager: Keys = { mtls: "cert-manager", certificatesFrom: { issuer } };
    const run = (keys: Keys = {}) => runOnKubernetes({ ...certManager, ...keys }, { preview });
    /** What destroy finds the Secrets by, which cert-manager leaves. */
    const ofTheStack = { "app.kubernetes.io/part-of": "otel-collector-tiers-test" };
    type Certified = KubernetesObject & { spec: Record<string, unknown> };

    it("are an authority for each tier by the issuer that is named, and a certificate by that authority", async () => {
        const on = await run();
        const authorityOf = on.object<Certified>("Certificate", "gateway-identity-authority");
        expect(authorityOf.spec).toEqual({
            secretName: "gateway-identity-authority",
            secretTemplate: { labels: ofTheStack },
            commonName: "gateway-identity-authority",
            isCA: true,
            duration: "87600h",
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
            issuerRef: { ...issuer, group: "cert-manager.io" },
        });
        expect(on.object<Certified>("Issuer", "gateway-identity-issuer")).toMatchObject({
            metadata: { name: "gateway-identity" },
            spec: { ca: { secretName: "gateway-identity-authority" } },
        });
        expect(on.object<Certified>("Certificate", "gateway-identity").spec).toEqual({
            secretName: "gateway-identity",
            secretTemplate: { labels: ofTheStack },
            dnsNames: ["gateway.otel-collector-tiers.svc"],
            duration: "8760h",
            usages: ["digital signature", "server auth", "client auth"],
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
            issuerRef: { kind: "Issuer", group: "cert-manager.io", name: "gateway-identity" },
        });
    });

    it("exist before the pods that mount them, all in the stack's namespace", async () => {
        const { engine } = await run({ namespace: "telemetry" });
        const certified = objectsOf(engine).filter(({ inputs }) => inputs.apiVersion === "cert-manager.io/v1");
        expect(certified).toHaveLength(9);
        for (const { inputs } of certified) expect(inputs.metadata).toMatchObject({ namespace: "telemetry" });
        const certificate = engine.byName("kubernetes:cert-manager.io/v1:Certificate", "gateway-identity");
        expect(engine.byName("kubernetes:apps/v1:StatefulSet", "gateway").dependencies).toContain(certificate.urn);
    });

    it("are mounted from the Secrets that cert-manager makes", async () => {
        expect(partsOf(await run(), "gateway")).toEqual([
            part("gateway-identity", "tls.crt"),
            part("gateway-identity", "tls.key"),
            part("load-balancer-identity-authority", "tls.crt", "senders-ca.crt"),
            part("external-gateway-identity-authority", "tls.crt", "next-ca.crt"),
        ]);
    });

    it("for clients are for their names and addresses, and those inside, by an authority as for the tiers", async () => {
        const names = { clientNames: ["otlp.example.com", "203.0.113.7"] };
        const on = await run({ mtls: "off", clientTls: "cert-manager", ...names, waived });
        expect(on.object<Certified>("Certificate", "clients-identity").spec).toMatchObject({
            dnsNames: ["otlp.example.com", "load-balancer.otel-collector-tiers.svc", "localhost"],
            ipAddresses: ["203.0.113.7", "127.0.0.1"],
            issuerRef: { kind: "Issuer", name: "clients-identity" },
        });
        expect(on.outputs.http).toEqual(["https://load-balancer.otel-collector-tiers.svc:4318"]);
    });

    it("for clients are for nothing but their names where an issuer signs them itself, as a public one does", async () => {
        const publicOne = { name: "letsencrypt", kind: "ClusterIssuer" };
        const clientTlsFrom = { issuer: publicOne };
        const names = ["otlp.example.com", "otel.example.com"];
        const keys: Keys = { clientTls: "cert-manager", clientTlsFrom, clientNames: names, waived };
        const on = await run({ ...keys, mtls: "off" });
        expect(on.object<Certified>("Certificate", "clients-identity").spec).toEqual({
            secretName: "clients-identity",
            secretTemplate: { labels: ofTheStack },
            dnsNames: names,
            usages: ["digital signature", "server auth"],
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
            issuerRef: { ...publicOne, group: "cert-manager.io" },
        });
        const kinds = objectsOf(on.engine).map(({ inputs }) => inputs.kind);
        expect(kinds.filter((kind) => kind === "Certificate" || kind === "Issuer")).toEqual(["Certificate"]);
        expect(on.outputs.access).toMatchObject({
            serverName: names[0],
            authoritySecret: { secret: "clients-identity", key: "ca.crt" },
        });
    });
});
