import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../components/errors";
import { checkKeys } from "../../components/settingsSchema";
import { defaultKeys, settingsWith } from "../support/stackSettings";

type Keys = Record<string, unknown>;

const check = (keys: Keys) => checkKeys({ ...defaultKeys, ...keys });
const onKubernetes = { platform: "kubernetes", resolver: "k8s", context: "test" };

const sources = "off, generated, provided, cert-manager";
const token = "a text of at least 16 characters without spaces";
const name = "a host name or an IP address";
const secrets = { loadBalancer: "lb-tls", gateway: "gateway-tls", externalGateway: "external-gateway-tls" };
const threeSecrets = "a mapping with loadBalancer, gateway, externalGateway";
const aMapping = "a mapping with folder, secrets or issuer";
const issuer = { name: "internal" };
const issuerOf = (key: string) => `the issuer that ${key} cert-manager asks`;
const onDocker = "because the platform is docker";
const inFolder = "the folder that they are in";

function refusals(cases: [Keys, string][]): void {
    it.each(cases)("%j", (keys, sentence) => {
        expect(() => check(keys)).toThrow(new InvalidInput(sentence));
    });
}

describe("a value about certificates is refused in one exact sentence", () => {
    refusals([
        [{ mtls: "on" }, `mtls is "on"; allowed: ${sources}`],
        [{ mtls: true }, `mtls is true; allowed: ${sources}`],
        [{ clientTls: "acme" }, `clientTls is "acme"; allowed: ${sources}`],
        [{ certificatesFrom: "/certs" }, `certificatesFrom is "/certs"; allowed: ${aMapping}`],
        [{ certificatesFrom: { path: "/certs" } }, `certificatesFrom is a mapping of path; allowed: ${aMapping}`],
        [{ certificatesFrom: { folder: "" } }, 'certificatesFrom.folder is ""; allowed: a text'],
        [{ certificatesFrom: { secrets: "tls" } }, `certificatesFrom.secrets is "tls"; allowed: ${threeSecrets}`],
        [
            { certificatesFrom: { secrets: { ...secrets, gateway: undefined } } },
            "certificatesFrom.secrets.gateway is not set; allowed: a text",
        ],
        [
            { certificatesFrom: { secrets: { ...secrets, generator: "x" } } },
            `certificatesFrom.secrets is a mapping of loadBalancer, gateway, externalGateway, generator; allowed: ${threeSecrets}`,
        ],
        [
            { certificatesFrom: { issuer: { name: "a", kind: "Vault" } } },
            'certificatesFrom.issuer.kind is "Vault"; allowed: Issuer, ClusterIssuer',
        ],
        [
            { certificatesFrom: { issuer: "a" } },
            'certificatesFrom.issuer is "a"; allowed: a mapping with name and, where wanted, kind, group',
        ],
        [
            { clientTlsFrom: { secrets } },
            "clientTlsFrom is a mapping of secrets; allowed: a mapping with folder, secret or issuer",
        ],
        [{ certificateGeneration: 0 }, "certificateGeneration is 0; allowed: a whole number from 1 to 1000000"],
        [{ certificateGeneration: 1.5 }, "certificateGeneration is 1.5; allowed: a whole number from 1 to 1000000"],
    ]);
});

describe("a value about clients is refused in one exact sentence", () => {
    refusals([
        [{ clientNames: "a.example" }, 'clientNames is "a.example"; allowed: a list of host names and IP addresses'],
        [{ clientNames: ["a.example", "b c"] }, `clientNames[1] is "b c"; allowed: ${name}`],
        [{ clientNames: ["https://a.example"] }, `clientNames[0] is "https://a.example"; allowed: ${name}`],
        [{ clientNames: ["-a.example"] }, `clientNames[0] is "-a.example"; allowed: ${name}`],
        [{ clientNames: [""] }, `clientNames[0] is ""; allowed: ${name}`],
    ]);

    it.each(["a.example", "*.a.example", "a", "10.0.0.1", "::1"])("but takes %s for a name", (one) => {
        expect(check({ clientNames: [one] }).clientNames).toEqual([one]);
    });

    it.each<[unknown, string]>([
        ["SECRET-SECRET-SECRET", `clientTokens is "(hidden)"; allowed: a list, each ${token}`],
        [["good-token-good-token", "SECRET"], `clientTokens[1] is "(hidden)"; allowed: ${token}`],
        [["SECRET SECRET SECRET"], `clientTokens[0] is "(hidden)"; allowed: ${token}`],
        [["SECRET-SECRET-SECRET\n"], `clientTokens[0] is "(hidden)"; allowed: ${token}`],
        [[123_456_789], `clientTokens[0] is "(hidden)"; allowed: ${token}`],
    ])("and does not show a token that it does not take: %j", (clientTokens, sentence) => {
        expect(() => check({ clientTokens })).toThrow(new InvalidInput(sentence));
    });
});

describe("keys that do not go with one another are refused in one exact sentence", () => {
    refusals([
        [{ mtls: "cert-manager" }, `mtls is "cert-manager"; allowed: off, generated or provided, ${onDocker}`],
        [
            { clientTls: "cert-manager" },
            `clientTls is "cert-manager"; allowed: off, generated or provided, ${onDocker}`,
        ],
        [{ mtls: "provided" }, `certificatesFrom is not set; allowed: ${inFolder}`],
        [{ clientTls: "provided" }, `clientTlsFrom is not set; allowed: ${inFolder}`],
        [
            { mtls: "provided", certificatesFrom: { secrets } },
            `certificatesFrom is "Secrets"; allowed: a folder, ${onDocker}`,
        ],
        [
            { clientTls: "provided", clientTlsFrom: { secret: "tls" } },
            `clientTlsFrom is "Secrets"; allowed: a folder, ${onDocker}`,
        ],
        [{ ...onKubernetes, mtls: "provided" }, `certificatesFrom is not set; allowed: either ${inFolder}, or Secrets`],
        [
            { ...onKubernetes, mtls: "provided", certificatesFrom: { folder: "/certs", secrets } },
            `certificatesFrom is "both"; allowed: either ${inFolder}, or Secrets`,
        ],
        [{ ...onKubernetes, mtls: "cert-manager" }, `certificatesFrom.issuer is not set; allowed: ${issuerOf("mtls")}`],
        [
            { ...onKubernetes, clientTls: "cert-manager" },
            `clientTlsFrom.issuer is not set; allowed: ${issuerOf("clientTls")}`,
        ],
        [
            { generator: true, clientTokens: ["SECRET-SECRET-SECRET"] },
            "generator is true; allowed: false with clientTokens, " +
                "because telemetrygen takes a token only as an argument, which everybody may read",
        ],
        [
            {
                ...onKubernetes,
                generator: true,
                clientTls: "cert-manager",
                clientTlsFrom: { issuer },
                clientNames: ["otlp.example.com"],
            },
            "generator is true; allowed: false with clientTlsFrom.issuer and clientNames, " +
                "because it reaches the lbs by another name, the cluster's",
        ],
    ]);

    it.each<Keys>([
        { mtls: "off" },
        { mtls: "provided", certificatesFrom: { folder: "/certs" } },
        { mtls: "provided", certificatesFrom: { folder: "/certs" }, ...onKubernetes },
        { mtls: "provided", certificatesFrom: { secrets }, ...onKubernetes },
        { mtls: "cert-manager", certificatesFrom: { issuer }, ...onKubernetes },
        { clientTls: "cert-manager", certificatesFrom: { issuer }, ...onKubernetes },
        { clientTls: "cert-manager", clientTlsFrom: { issuer }, generator: true, ...onKubernetes },
        { clientTls: "provided", clientTlsFrom: { secret: "tls" }, ...onKubernetes },
        { clientTls: "generated", clientTokens: ["good-token-good-token"] },
    ])("but not %j", (keys) => {
        expect(check(keys)).toMatchObject(keys);
    });
});

describe("what the settings about certificates become", () => {
    const clientTls = "cert-manager";

    it("without any: what goes between the tiers is encrypted, and clients are asked for nothing", () => {
        const { identities, ingress, loadBalancer } = settingsWith();
        expect(identities).toEqual({ source: "generated", from: {}, generation: 1 });
        expect(ingress).toEqual({ source: "off", from: { tiersIssuer: undefined }, names: [], generation: 1 });
        expect(loadBalancer.tokens).toEqual([]);
    });

    it("the issuer of the tiers vouches for the lbs to clients too, unless these have their own", () => {
        const keys = { ...onKubernetes, clientTls, certificatesFrom: { issuer } };
        expect(settingsWith(keys).ingress.from).toEqual({ tiersIssuer: issuer });
        const clientTlsFrom = { issuer: { name: "public" } };
        expect(settingsWith({ ...keys, clientTlsFrom }).ingress.from).toEqual({
            ...clientTlsFrom,
            tiersIssuer: issuer,
        });
    });
});
