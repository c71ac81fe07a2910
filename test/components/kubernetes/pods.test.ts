import type { V1Container, V1PodSpec, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { only } from "../../support/configs";
import { type Keys, type KubernetesRun, runOnKubernetes } from "../../support/kubernetesStack";

const roles = ["external-gateway", "gateway", "load-balancer", "generator"];
const run = (keys: Keys = {}) => runOnKubernetes({ generator: true, ...keys });

const setOf = (on: KubernetesRun, name: string) => on.object<V1StatefulSet>("StatefulSet", name).spec;
const podOf = (on: KubernetesRun, name: string) => setOf(on, name)?.template.spec as V1PodSpec;
const containerOf = (on: KubernetesRun, name: string) => podOf(on, name).containers[0] as V1Container;

const labels = (name: string) => ({
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/part-of": "otel-collector-tiers-test",
});

describe("a pod", () => {
    it("of an lb has everything that it runs with", async () => {
        const container = containerOf(await run(), "load-balancer");
        const httpGet = { path: "/", port: 13133 };
        expect(container).toEqual({
            name: "load-balancer",
            image: "otel/opentelemetry-collector-contrib:0.161.0",
            imagePullPolicy: "IfNotPresent",
            args: ["--config=/etc/otelcol/config.yaml"],
            env: [
                { name: "REPLICA_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "GOGC", value: "800" },
                { name: "GOMEMLIMIT", value: `${Math.floor(512 * 2 ** 20 * 0.45)}` },
                { name: "CERTIFICATE_GENERATION", value: "1" },
            ],
            ports: [
                { name: "grpc", containerPort: 4317 },
                { name: "http", containerPort: 4318 },
                { name: "metrics", containerPort: 8888 },
            ],
            resources: { requests: { memory: "524288Ki", cpu: "100m" }, limits: { memory: "524288Ki" } },
            startupProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 180 },
            readinessProbe: { httpGet, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
            livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
            lifecycle: { preStop: { sleep: { seconds: 5 } } },
            securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            },
            volumeMounts: [
                { name: "files", mountPath: "/etc/otelcol", readOnly: true },
                { name: "queue", mountPath: "/var/lib/otelcol" },
            ],
        });
    });

    it.each(roles)("of the role %s has its image by its digest, where the settings name it so", async (name) => {
        const image = `example.com/collector:1@sha256:${"a".repeat(64)}`;
        const generatorImage = `example.com/telemetrygen@sha256:${"b".repeat(64)}`;
        const container = containerOf(await run({ image, generatorImage }), name);
        expect(container.image).toBe(name === "generator" ? generatorImage : image);
    });

    it.each(roles)("of the role %s is restricted, and knows nothing of other Services", async (name) => {
        const on = await run();
        expect(podOf(on, name)).toMatchObject({
            enableServiceLinks: false,
            securityContext: {
                runAsNonRoot: true,
                runAsUser: 10001,
                runAsGroup: 10001,
                fsGroup: 10001,
                fsGroupChangePolicy: "OnRootMismatch",
                seccompProfile: { type: "RuntimeDefault" },
            },
        });
        expect(containerOf(on, name).securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
    });

    it.each(roles)("of the role %s finds its own name, and that of its tier in its labels", async (name) => {
        const on = await run();
        const [own] = containerOf(on, name).env ?? [];
        expect(own).toEqual({ name: "REPLICA_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } });
        expect(setOf(on, name)?.template.metadata?.labels).toEqual({
            ...labels(name),
            "app.kubernetes.io/component": name,
            "app.kubernetes.io/name": "otel-collector-tiers",
            "app.kubernetes.io/managed-by": "pulumi",
        });
        expect(setOf(on, name)?.selector).toEqual({ matchLabels: labels(name) });
    });

    it("of the generator has neither probes, nor a file, nor anything to wait for when it stops", async () => {
        const container = containerOf(await run(), "generator");
        for (const key of ["startupProbe", "readinessProbe", "livenessProbe", "lifecycle"]) {
            expect(container).not.toHaveProperty(key);
        }
        expect(container.volumeMounts).toEqual([]);
    });

    it.each(roles)("of the role %s is spread over zones and nodes, where it can be", async (name) => {
        const constraints = podOf(await run(), name).topologySpreadConstraints;
        expect(constraints).toEqual(
            ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
                topologyKey,
                maxSkew: 1,
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: labels(name) },
            })),
        );
    });

    it("has what the cluster asks of it, and keeps its own labels", async () => {
        const pods = {
            labels: { team: "a", "app.kubernetes.io/instance": "other" },
            annotations: { note: "b" },
            nodeSelector: { pool: "c" },
            tolerations: [{ operator: "Exists" }],
            affinity: { podAntiAffinity: {} },
            imagePullSecrets: ["d", "e"],
            priorityClassName: "f",
        };
        const on = await run({ pods });
        for (const name of roles) {
            const { metadata, spec } = setOf(on, name)?.template ?? {};
            expect(metadata?.labels).toMatchObject({ team: "a", "app.kubernetes.io/instance": name });
            expect(metadata?.annotations).toEqual({ note: "b" });
            expect(spec).toMatchObject({
                nodeSelector: { pool: "c" },
                tolerations: [{ operator: "Exists" }],
                affinity: { podAntiAffinity: {} },
                imagePullSecrets: [{ name: "d" }, { name: "e" }],
                priorityClassName: "f",
            });
        }
    });
});

describe("when a pod stops", () => {
    const graces = async (keys?: Keys) => {
        const on = await run(keys);
        return roles.map((name) => [
            containerOf(on, name).lifecycle?.preStop?.sleep?.seconds,
            podOf(on, name).terminationGracePeriodSeconds,
        ]);
    };

    it("it goes on until its senders have noticed, and then as long as what it has begun may take", async () => {
        expect(await graces()).toEqual([
            [undefined, 5],
            [8, 8 + 7 + 5],
            [5, 5 + 10 + 5],
            [undefined, 5],
        ]);
    });

    it("it has as long as the deadlines of its configuration say", async () => {
        const keys = {
            resolver: "static",
            backends: [{ endpoint: "https://otlp.example.com:4317", name: "vendor" }],
            externalGatewayOverrides: only("exporters.otlp_grpc/vendor.timeout", "30s"),
            gatewayOverrides: only("exporters.otlp_grpc/external.retry_on_failure.max_elapsed_time", "5s"),
        };
        expect(await graces(keys)).toEqual([
            [undefined, 30 + 5],
            [8, 8 + 9 + 5],
            [5, 5 + 10 + 5],
            [undefined, 5],
        ]);
    });
});

describe("what a pod is given", () => {
    const resourcesOf = async (keys: Keys) => {
        const on = await run(keys);
        return roles.slice(0, 3).map((name) => containerOf(on, name).resources);
    };
    const given = (memory: string, cpu: string) => ({ requests: { memory, cpu }, limits: { memory } });

    it.each([
        ["small", given("524288Ki", "100m")],
        ["medium", given("1048576Ki", "500m")],
        ["large", given("2097152Ki", "1000m")],
    ])("follows from the size %s", async (size, resources) => {
        expect(await resourcesOf({ size })).toEqual([resources, resources, resources]);
    });

    it("is what is set for its tier, where it is set", async () => {
        const keys = {
            size: "medium",
            gatewayMemory: "3Gi",
            gatewayCpuRequest: "250m",
            loadBalancerCpu: "2",
            externalGatewayCpuRequest: "0",
        };
        expect(await resourcesOf(keys)).toEqual([
            { requests: { memory: "1048576Ki" }, limits: { memory: "1048576Ki" } },
            given("3145728Ki", "250m"),
            { requests: { memory: "1048576Ki", cpu: "500m" }, limits: { memory: "1048576Ki", cpu: "2000m" } },
        ]);
    });

    it("is never more CPU reserved than it may use", async () => {
        const [, gateway] = await resourcesOf({ size: "large", gatewayCpu: "200m" });
        expect(gateway).toMatchObject({ requests: { cpu: "200m" }, limits: { cpu: "200m" } });
    });
});

describe("a StatefulSet", () => {
    it("changes one pod at a time, once the last has been ready as long as its senders need to notice", async () => {
        const on = await run();
        const settle = roles.map((name) => [setOf(on, name)?.minReadySeconds, setOf(on, name)?.updateStrategy]);
        expect(settle).toEqual([0, 8, 5, 0].map((seconds) => [seconds, { type: "RollingUpdate" }]));
    });

    it("starts and scales all its pods at once", async () => {
        const on = await run({ gateways: 5, loadBalancers: 3 });
        const replicas = roles.map((name) => [setOf(on, name)?.replicas, setOf(on, name)?.podManagementPolicy]);
        expect(replicas).toEqual([1, 5, 3, 1].map((count) => [count, "Parallel"]));
    });

    it("loses one pod at a time to a node that is drained", async () => {
        const on = await run();
        for (const name of roles) {
            expect(on.object("PodDisruptionBudget", name)).toMatchObject({
                metadata: { name },
                spec: {
                    maxUnavailable: 1,
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                    selector: { matchLabels: labels(name) },
                },
            });
        }
    });
});
