import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidInput } from "../../../components";
import { KubernetesPlatform } from "../../../components/platform/kubernetes";
import type { WorkloadSpec } from "../../../components/platform/platform";
import topology from "../../../index";
import { FakeCluster } from "../../support/fakeCluster";
import { type Keys, objectsOf, runOnKubernetes, shippedKeys } from "../../support/kubernetesStack";
import { identityResources, onAnyDay, withoutPem } from "../../support/identities";
import { type Recorded, RecordingEngine } from "../../support/mocks";
import { runs } from "../../support/runs";
import { configure } from "../../support/stackSettings";

const component = (name: string) => `otel-collector-tiers:index:${name}`;

/** All that a tier of collectors has, with its names: a part of what users may rely on. */
const ofTier = (name: string) => [
    `kubernetes:apps/v1:StatefulSet ${name}`,
    `kubernetes:core/v1:ConfigMap ${name}`,
    `kubernetes:core/v1:Secret ${name}-secrets`,
    `kubernetes:core/v1:Service ${name}`,
    `kubernetes:core/v1:ServiceAccount ${name}`,
    `kubernetes:networking.k8s.io/v1:NetworkPolicy ${name}`,
    `kubernetes:policy/v1:PodDisruptionBudget ${name}`,
];

const children: Record<string, string[]> = {
    [`${component("KubernetesEnvironment")} kubernetes`]: [
        "kubernetes:core/v1:Namespace kubernetes",
        "pulumi:providers:kubernetes kubernetes",
    ],
    [`${component("ExternalGateway")} external-gateway`]: ofTier("external-gateway"),
    [`${component("GatewayTier")} gateway`]: ofTier("gateway"),
    [`${component("LoadBalancerTier")} load-balancer`]: [
        ...ofTier("load-balancer"),
        "kubernetes:rbac.authorization.k8s.io/v1:Role load-balancer",
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding load-balancer",
    ].sort(),
};

/** A workload that asks for an object of every kind. */
const everything: WorkloadSpec = {
    role: "load-balancer",
    image: "some/image:1",
    args: [],
    replicas: 1,
    scaling: { by: "platform", most: 2, cpuPercent: 50, memoryPercent: 0, metrics: [], behavior: {} },
    addressed: "together",
    files: { folder: "/etc", configuration: { name: "a.yaml", option: "--config", text: "text", isSecret: false } },
    ports: [
        { name: "grpc", number: 4317, reachedBy: "clients" },
        { name: "http", number: 4318, reachedBy: "clients" },
    ],
    storage: { path: "/data" },
    resources: { memoryBytes: 2 ** 27, reservedCores: 0.1 },
    drainSeconds: 0,
    stopGraceSeconds: 5,
    looksUp: "b.telemetry",
};

const label = ({ type, name }: Recorded) => onAnyDay(`${type} ${name}`);

/** Without those that identities are made of, which belong to no object of the cluster. */

function childrenIn(engine: RecordingEngine): Record<string, string[]> {
    const components = engine.resources.filter(
        (one) => one.type.startsWith("otel-collector-tiers:") && !identityResources.includes(label(one)),
    );
    return Object.fromEntries(components.map((one) => [label(one), engine.childrenOf(one).map(label).sort()]));
}

describe.each(runs)("the program on Kubernetes in $run", ({ preview }) => {
    const run = (keys?: Keys) => runOnKubernetes(keys, { preview });

    it("registers exactly this for Pulumi.k8s.yaml, each a child of its tier", async () => {
        const { engine } = await run();
        expect(childrenIn(engine)).toEqual(children);
        const known = [...identityResources, ...Object.keys(children), ...Object.values(children).flat()];
        expect(engine.resources.map(label).sort()).toEqual(known.sort());
    });

    it("adds a generator without Service and configuration when it is asked for", async () => {
        const { engine } = await run({ generator: true });
        const generator = `${component("TelemetryGenerator")} generator`;
        const without = ["ConfigMap generator", "Secret generator-secrets", "Service generator"].map(
            (one) => `kubernetes:core/v1:${one}`,
        );
        expect(childrenIn(engine)).toEqual({
            ...children,
            [generator]: ofTier("generator").filter((one) => !without.includes(one)),
        });
    });

    it("leaves a namespace that is there already alone", async () => {
        const { engine } = await run({ createNamespace: false, namespace: "telemetry" });
        expect(engine.byType("kubernetes:core/v1:Namespace")).toEqual([]);
        const namespaces = objectsOf(engine).map(({ inputs }) => (inputs.metadata as { namespace?: string }).namespace);
        expect(new Set(namespaces)).toEqual(new Set(["telemetry"]));
    });

    it("creates its namespace with restricted Pod Security, before everything in it", async () => {
        const { engine } = await run();
        const [namespace, ...others] = objectsOf(engine);
        expect(namespace?.inputs.metadata).toEqual({
            name: "otel-collector-tiers",
            labels: {
                "app.kubernetes.io/part-of": "otel-collector-tiers-test",
                "pod-security.kubernetes.io/enforce": "restricted",
            },
        });
        for (const { dependencies } of others) expect(dependencies).toContain(namespace?.urn);
    });

    it("asks one provider, with all that it would else take from the environment, and no default one", async () => {
        const { engine, cluster } = await run({ context: "prod", namespace: "telemetry" });
        const [own, ...others] = engine.byType("pulumi:providers:kubernetes");
        expect(others).toEqual([]);
        expect(own?.inputs).toEqual({
            context: "prod",
            clusterIdentifier: "prod",
            namespace: "telemetry",
            kubeconfig: "",
            enableConfigMapMutable: "false",
            enableSecretMutable: "true",
            enableServerSideApply: "true",
        });
        for (const { provider } of objectsOf(engine)) expect(provider.startsWith(`${own?.urn}::`)).toBe(true);
        expect(cluster.opened).toEqual([expect.objectContaining({ context: "prod", namespace: "telemetry" })]);
    });

    it("says where everything is", async () => {
        expect((await run()).outputs).toEqual({
            platform: "kubernetes",
            location: {
                context: "otel-collector-tiers",
                namespace: "otel-collector-tiers",
                prefix: "otel-collector-tiers-test",
            },
            resolver: "k8s",
            gateways: [0, 1, 2].map((index) => `gateway-${index}.gateway.otel-collector-tiers.svc`),
            grpc: ["load-balancer.otel-collector-tiers.svc:4317"],
            http: ["http://load-balancer.otel-collector-tiers.svc:4318"],
            metrics: [],
            tap: "",
            backends: [],
            waived: ["ingress/is-encrypted", "ingress/knows-its-clients"].map(
                (rule) => expect.stringContaining(`${rule}: `) as string,
            ),
        });
    });

    it(`waits for ${preview ? "nothing" : "every StatefulSet"}`, async () => {
        const { cluster } = await run({ generator: true });
        const all = ["external-gateway", "gateway", "load-balancer", "generator"];
        expect(cluster.waitedFor).toEqual(preview ? [] : all);
    });

    it("creates nothing inside an apply: all is declared by the time that the workload is", async () => {
        const engine = await RecordingEngine.start(preview);
        const cluster = FakeCluster.start();
        const declared: string[] = [];
        class Owner extends pulumi.ComponentResource {
            constructor() {
                const note = ({ type, name }: pulumi.ResourceTransformationArgs) =>
                    void declared.push(`${type} ${name}`);
                super("test:index:Owner", "owner", {}, { transformations: [note] });
            }
        }
        const platform = new KubernetesPlatform({
            context: "test",
            namespace: "telemetry",
            ingress: { httpHost: "otlp.example.com" },
            routes: { gateway: "public", httpHost: "otlp.example.com" },
        });
        const inTime = await engine.run(() => {
            platform.run("a", everything, new Owner());
            return [...declared];
        });
        await platform.settled();
        await engine.settled();
        cluster.stop();
        expect(inTime).toHaveLength(12);
        expect(declared).toEqual(inTime);
    });
});

it("a preview shows what an update creates", async () => {
    const keys = { generator: true, scaledBy: "platform", ingress: { httpHost: "otlp.example.com" } };
    const inputsIn = async (preview: boolean) => {
        const { engine } = await runOnKubernetes(keys, { preview });
        return new Map(objectsOf(engine).map((one) => [label(one), withoutPem(one.inputs)]));
    };
    expect(await inputsIn(true)).toEqual(await inputsIn(false));
});

it.each(["k8s", "dns", "static"])(
    "the resolver %s leaves the gateways and the external gateway untouched",
    async (resolver) => {
        const behindTheLbs = async (keys: Keys) => {
            const { engine } = await runOnKubernetes(keys);
            const behind = objectsOf(engine).filter(({ name }) => !/^load-balancer(-secrets)?$/.test(name));
            return new Map(behind.map((one) => [label(one), withoutPem(one.inputs)]));
        };
        expect(await behindTheLbs({ resolver })).toEqual(await behindTheLbs({ resolver: "k8s" }));
    },
);

describe("the program on Kubernetes that is refused registers nothing at all", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(async () => {
        await engine.settled();
        expect(engine.resources).toEqual([]);
    });

    it.each<[string, Keys, string]>([
        [
            "without a context",
            { context: "" },
            'context is ""; allowed: a context of the kubeconfig; none is taken by itself',
        ],
        [
            "with the static resolver and a scaler",
            { resolver: "static", scaledBy: "external" },
            'scaledBy is "external"; allowed: replicas, because the static resolver has a fixed list of gateways',
        ],
        [
            "with an autoscaler that has nothing to look at",
            { scaledBy: "platform", scaleOnCpu: 0 },
            "scaleOnCpu is 0; allowed: above 0, or scaleOnMemory, or scaleOnMetrics, to scale on",
        ],
        [
            "with a storage class that the cluster does not have",
            { storageClass: "gold" },
            'storageClass is "gold"; allowed: standard, fast, ephemeral',
        ],
    ])("%s", async (_, keys, sentence) => {
        const cluster = FakeCluster.start();
        try {
            configure({ ...shippedKeys, ...keys });
            await expect(topology()).rejects.toThrow(new InvalidInput(sentence));
        } finally {
            cluster.stop();
        }
    });
});
