import type { V1ConfigMap, V1Secret, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../components";
import { only } from "../../support/configs";
import { type Keys, type KubernetesRun, objectsOf, runOnKubernetes } from "../../support/kubernetesStack";

const configMap = "kubernetes:core/v1:ConfigMap";
const secret = "kubernetes:core/v1:Secret";
const statefulSet = "kubernetes:apps/v1:StatefulSet";
const gib = 2 ** 30;
const collectors = ["external-gateway", "gateway", "load-balancer"];

const specOf = (on: KubernetesRun, name: string) => on.object<V1StatefulSet>("StatefulSet", name).spec;
const volumesOf = (on: KubernetesRun, name: string) => specOf(on, name)?.template.spec?.volumes;
const filesOf = (on: KubernetesRun, name: string) =>
    volumesOf(on, name)?.find((volume) => volume.name === "files")?.projected;

describe("a queue", () => {
    const claim = (spec: object) => [
        { metadata: { name: "queue" }, spec: { accessModes: ["ReadWriteOnce"], ...spec } },
    ];
    const size = (storage: string) => ({ resources: { requests: { storage } } });

    it("is on a volume of the cluster's default class for each lb and the external gateway; a gateway has none", async () => {
        const on = await runOnKubernetes();
        expect(collectors.map((name) => specOf(on, name)?.volumeClaimTemplates)).toEqual([
            claim(size("10Gi")),
            [],
            claim(size("10Gi")),
        ]);
        const names = collectors.map((name) => volumesOf(on, name)?.map((volume) => volume.name));
        expect(names).toEqual([["files"], ["files"], ["files"]]);
    });

    it("is on a volume of the class and the size that are set", async () => {
        const on = await runOnKubernetes({ storageClass: "fast", storageSize: "500Mi" });
        const fast = claim({ storageClassName: "fast", ...size("500Mi") });
        expect(specOf(on, "load-balancer")?.volumeClaimTemplates).toEqual(fast);
        expect(specOf(on, "external-gateway")?.volumeClaimTemplates).toEqual(fast);
    });

    it("outlives its pod, its lb and the stack", async () => {
        const on = await runOnKubernetes();
        for (const name of collectors) {
            expect(specOf(on, name)?.persistentVolumeClaimRetentionPolicy).toEqual({
                whenScaled: "Retain",
                whenDeleted: "Retain",
            });
        }
    });

    it("dies with its pod where the storage class is ephemeral, and can not fill the node", async () => {
        const on = await runOnKubernetes({ storageClass: "ephemeral", storageSize: "1Gi" });
        const queue = { name: "queue", emptyDir: { sizeLimit: "1Gi" } };
        expect(volumesOf(on, "external-gateway")).toContainEqual(queue);
        expect(volumesOf(on, "load-balancer")).toContainEqual(queue);
        expect(volumesOf(on, "gateway")).not.toContainEqual(queue);
        expect(collectors.flatMap((name) => specOf(on, name)?.volumeClaimTemplates)).toEqual([]);
    });
});

describe("the queues on a volume hold a quarter of it at most", () => {
    const sizes = (on: KubernetesRun, name: string) => {
        const text = on.object<V1ConfigMap>("ConfigMap", name).data?.["config.yaml"] ?? "";
        return [...text.matchAll(/queue_size: (\d+)/g)].map(([, size]) => Number(size));
    };
    const endpoint = "https://otlp.example.com";
    const path = "exporters.load_balancing.sending_queue.queue_size";
    const refused = async (keys: Keys, sentence: string) => {
        const run = runOnKubernetes({ storageSize: "12Gi", ...keys });
        await expect(run).rejects.toThrow(InvalidInput);
        await expect(run).rejects.toThrow(sentence);
    };

    it("by themselves", async () => {
        const on = await runOnKubernetes({ storageSize: "12Gi", backends: [{ endpoint }] });
        expect(sizes(on, "load-balancer")).toEqual([gib, gib, gib]);
        expect(sizes(on, "external-gateway")).toEqual([gib]);
    });

    it("as they are set", async () => {
        const queues = { loadBalancerQueue: "16Mi", externalGatewayQueue: "1Gi" };
        const on = await runOnKubernetes({ storageSize: "12Gi", backends: [{ endpoint }], ...queues });
        expect(sizes(on, "load-balancer")).toEqual(Array(3).fill(2 ** 24));
        expect(sizes(on, "external-gateway")).toEqual([gib]);
    });

    it.each<[string, Keys]>([
        ["the queue size of the lb tier", { loadBalancerQueue: "2Gi" }],
        ["the queue size of the external gateway", { externalGatewayQueue: "2Gi", backends: [{ endpoint }] }],
    ])("or %s is refused", (what, keys) =>
        refused(keys, `${what} is "2Gi"; allowed: at most 1024Mi for each of 3 on a disk of 12288Mi`),
    );

    it("whatever the overrides say", () =>
        refused({ loadBalancerOverrides: only(path, 2 * gib) }, "[custody/lb-queues-fit-their-disk]"));

    it("and each holds the largest message, or the volume is too small", () =>
        refused({ storageSize: "47Mi" }, "[custody/lb-queue-holds-a-message]"));
});

describe("a configuration", () => {
    const items = [{ key: "config.yaml", path: "config.yaml" }];

    it.each(collectors)("of %s is a ConfigMap that the engine names anew when it changes", async (name) => {
        const on = await runOnKubernetes();
        const { metadata, data } = on.object<V1ConfigMap>("ConfigMap", name);
        expect(metadata).not.toHaveProperty("name");
        expect(Object.keys(data ?? {})).toEqual(["config.yaml"]);
        expect(data?.["config.yaml"]).toContain("service:\n");
        expect(filesOf(on, name)?.sources).toContainEqual({ configMap: { name: `${name}-00000000`, items } });
        const { dependencies } = on.engine.byName(statefulSet, name);
        expect(dependencies).toContain(on.engine.byName(configMap, name).urn);
    });

    const backend = (headers: Keys = {}) => ({ backends: [{ endpoint: "https://otlp.example.com", headers }] });

    it.each<[string, string, Keys]>([
        ["with a backend's headers", "external-gateway", backend({ "api-key": "SECRET" })],
        [
            "of the external gateway with overrides",
            "external-gateway",
            { externalGatewayOverrides: only("extensions.health_check.path", "/SECRET") },
        ],
        [
            "of the gateways with overrides",
            "gateway",
            { gatewayOverrides: only("exporters.otlp_grpc/external.headers.key", "SECRET") },
        ],
        [
            "of the lbs with overrides",
            "load-balancer",
            { loadBalancerOverrides: only("exporters.load_balancing.protocol.otlp.headers.key", "SECRET") },
        ],
    ])("%s is a Secret, and stands in nothing else", async (_, name, keys) => {
        const on = await runOnKubernetes(keys);
        const { metadata, stringData } = on.object<V1Secret>("Secret", name);
        expect(metadata).not.toHaveProperty("name");
        expect(stringData?.["config.yaml"]).toContain("SECRET");
        expect(on.engine.byName(secret, name).secrets).toEqual(["stringData"]);
        expect(filesOf(on, name)?.sources).toContainEqual({ secret: { name: `${name}-00000000`, items } });

        const others = objectsOf(on.engine).filter(({ type }) => type !== secret);
        expect(others.map(({ name }) => name)).toContain(name);
        expect(JSON.stringify([others, on.outputs, [...on.engine.outputs]])).not.toContain("SECRET");
        expect(
            on.engine
                .byType(configMap)
                .map(({ name }) => name)
                .sort(),
        ).toEqual(collectors.filter((one) => one !== name));
    });

    it("of a backend without headers is no secret", async () => {
        const on = await runOnKubernetes({ backends: [{ endpoint: "https://otlp.example.com" }], mtls: "off" });
        expect(on.engine.byType(secret)).toEqual([]);
        expect(on.engine.resources.flatMap(({ secrets }) => secrets)).toEqual([]);
    });
});
