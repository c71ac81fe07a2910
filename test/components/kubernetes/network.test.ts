import type { V1NetworkPolicy, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { ExternalGateway, GatewayTier } from "../../../components";
import { KubernetesPlatform } from "../../../components/platform/kubernetes";
import { type Keys, objectsOf, runOnKubernetes } from "../../support/kubernetesStack";
import { RecordingEngine } from "../../support/mocks";
import { type End, lets } from "../../support/networkPolicies";

const tiers = ["load-balancer", "gateway", "external-gateway", "generator"];
const elsewhere: End = {};

/** The policies of a stack, and its pods. */
async function networkOf(keys: Keys = {}) {
    const { engine, object } = await runOnKubernetes({ generator: true, ...keys });
    const policies = objectsOf(engine)
        .filter(({ inputs }) => inputs.kind === "NetworkPolicy")
        .map(({ inputs }) => inputs as V1NetworkPolicy);
    const pod = (tier: string): End => ({
        labels: object<V1StatefulSet>("StatefulSet", tier).spec?.template.metadata?.labels,
    });
    const ends: Record<string, End> = { ...Object.fromEntries(tiers.map((tier) => [tier, pod(tier)])), elsewhere };
    const reached = (from: string, port: number, protocol?: "UDP") =>
        Object.keys(ends).filter(
            (to) => to !== from && lets(policies, ends[from] ?? {}, ends[to] ?? {}, port, protocol),
        );
    return { policies, reached };
}

describe("on a cluster that enforces policies", () => {
    it("each tier sends to the next, and to nobody else", async () => {
        const { reached } = await networkOf();
        expect(reached("generator", 4317)).toEqual(["load-balancer"]);
        expect(reached("load-balancer", 4317)).toEqual(["gateway"]);
        expect(reached("gateway", 4317)).toEqual(["external-gateway"]);
        for (const tier of ["generator", "load-balancer", "gateway"])
            expect([tier, ...reached(tier, 8080)]).toEqual([tier]);
    });

    it("the external gateway sends anywhere, and still not into the stack but as any client", async () => {
        const { reached } = await networkOf();
        expect(reached("external-gateway", 443)).toEqual(["elsewhere"]);
        expect(reached("external-gateway", 4317)).toEqual(["load-balancer", "elsewhere"]);
    });

    it("whoever is none of the stack reaches the lbs' two ports, and no metrics, tap or health", async () => {
        const { reached } = await networkOf();
        for (const port of [4317, 4318]) expect(reached("elsewhere", port)).toEqual(["load-balancer"]);
        for (const port of [8888, 8889, 13133]) expect(reached("elsewhere", port)).toEqual([]);
        const closed = await networkOf({ clientsFrom: [{ podSelector: { matchLabels: { app: "shop" } } }] });
        expect(closed.reached("elsewhere", 4317)).toEqual([]);
        expect(closed.reached("generator", 4317)).toEqual(["load-balancer"]);
    });

    it("every pod asks the DNS, wherever that is", async () => {
        const { reached } = await networkOf();
        for (const tier of tiers)
            for (const port of [53, 5353]) expect(reached(tier, port, "UDP"), tier).toEqual(["elsewhere"]);
    });

    it("only an lb with the k8s resolver reaches an API server", async () => {
        const apiServer = 6443;
        const k8s = await networkOf({ resolver: "k8s" });
        expect(k8s.reached("load-balancer", apiServer)).toEqual(["elsewhere"]);
        expect(k8s.reached("gateway", apiServer)).toEqual([]);
        const dns = await networkOf({ resolver: "dns" });
        expect(dns.reached("load-balancer", apiServer)).toEqual([]);
    });

    it("every policy is of both types, so that what it does not name is denied", async () => {
        const { policies } = await networkOf();
        expect(policies).toHaveLength(tiers.length);
        for (const { spec } of policies) expect(spec?.policyTypes).toEqual(["Ingress", "Egress"]);
    });
});

it("a tier whose next hop runs elsewhere may send anywhere", async () => {
    const engine = await RecordingEngine.start(true);
    const place = { context: "test", namespace: "telemetry", createNamespace: false };
    const [platform, other] = [new KubernetesPlatform(place), new KubernetesPlatform({ ...place, prefix: "other" })];
    new GatewayTier("to-a-vendor", { platform, externalGateway: { endpoint: "vendor.example:4317" } });
    const externalGateway = new ExternalGateway("theirs", { platform: other });
    new GatewayTier("to-another-stack", { platform, externalGateway });
    await engine.settled();
    const policies = objectsOf(engine).filter(
        ({ inputs, name }) => inputs.kind === "NetworkPolicy" && name !== "theirs",
    );
    expect(policies.map(({ inputs }) => (inputs.spec as { egress: object[] }).egress)).toEqual([[{}], [{}]]);
});
