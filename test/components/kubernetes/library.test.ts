import { afterEach, beforeEach, expect, it } from "vitest";
import {
    ExternalGateway,
    GatewayTier,
    LoadBalancerTier,
    type LoadBalancerTierArgs,
    Resolver,
} from "../../../components";
import { KubernetesPlatform } from "../../../components/platform/kubernetes";
import { FakeCluster } from "../../support/fakeCluster";
import { objectsOf } from "../../support/kubernetesStack";
import { RecordingEngine } from "../../support/mocks";

/** What lbs that clients reach give up without TLS and tokens. */
const waived: LoadBalancerTierArgs["waived"] = ["ingress/is-encrypted", "ingress/knows-its-clients"];
const statefulSet = "kubernetes:apps/v1:StatefulSet";
let cluster: FakeCluster;
beforeEach(() => (cluster = FakeCluster.start({ present: { gateway: 5 } })));
afterEach(() => cluster.stop());

it("a program that never settles still registers what gets smaller: the engine would delete what is not", async () => {
    const engine = await RecordingEngine.start(false);
    const platform = new KubernetesPlatform({ context: "test", namespace: "telemetry" });
    await platform.require();
    const externalGateway = new ExternalGateway("external-gateway", { platform });
    const gateways = new GatewayTier("gateway", { platform, externalGateway, replicas: 2 });
    new LoadBalancerTier("load-balancer", { platform, gateways, waived });
    process.emit("beforeExit", 0);
    await engine.settled();
    expect(engine.byType(statefulSet).map(({ name }) => name)).toEqual([
        "external-gateway",
        "load-balancer",
        "gateway",
    ]);
});

it("an lb with the k8s resolver may read endpoints where its gateways are, also in another namespace", async () => {
    const engine = await RecordingEngine.start(true);
    const platform = new KubernetesPlatform({ context: "test", namespace: "telemetry", createNamespace: false });
    const backends = { ...platform.names("workers", 0), port: 4317, refresh: "1s", service: "workers.elsewhere" };
    new LoadBalancerTier("lb", { platform, gateways: { backends }, resolver: Resolver.k8s, waived });
    await engine.settled();
    const grants = objectsOf(engine).filter(({ inputs }) => ["Role", "RoleBinding"].includes(String(inputs.kind)));
    expect(grants).toHaveLength(2);
    for (const { inputs } of grants) expect(inputs.metadata).toMatchObject({ namespace: "elsewhere" });
    const binding = grants.find(({ inputs }) => inputs.kind === "RoleBinding");
    expect(binding?.inputs.subjects).toEqual([{ kind: "ServiceAccount", name: "lb", namespace: "telemetry" }]);
});

it("two platforms in one program stand side by side", async () => {
    const engine = await RecordingEngine.start(true);
    for (const prefix of ["one", "two"]) {
        const platform = new KubernetesPlatform({ context: "test", namespace: prefix, prefix });
        new ExternalGateway(`${prefix}-out`, { platform });
    }
    await engine.settled();
    expect(engine.byType("pulumi:providers:kubernetes").map(({ name }) => name)).toEqual(["one", "two"]);
});
