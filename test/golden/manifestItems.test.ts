import type {
    V1ConfigMap,
    V1Container,
    V1NetworkPolicy,
    V1PodDisruptionBudget,
    V1PodSpec,
    V1PodTemplateSpec,
    V1Role,
    V1RoleBinding,
    V1ServiceAccount,
    V1StatefulSet,
    V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { manifestsOf, type Preset, presetNames } from "../support/kubernetesManifests";

/** The objects of one kind that a preset creates. */
async function all<T>(preset: Preset, kind: string): Promise<T[]> {
    return (await manifestsOf(preset)).filter((one) => one.kind === kind) as T[];
}

const sets = (preset: Preset) => all<V1StatefulSet>(preset, "StatefulSet");
const collectors = ["external-gateway", "gateway", "load-balancer"];
const nameOf = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name ?? "";
const podOf = ({ spec }: V1StatefulSet) => spec?.template?.spec as V1PodSpec;
const containerOf = (set: V1StatefulSet) => podOf(set).containers[0] as V1Container;
const filesOf = (set: V1StatefulSet) => podOf(set).volumes?.find(({ name }) => name === "files")?.projected;
const sourcesOf = (set: V1StatefulSet) => filesOf(set)?.sources ?? [];

/** The files, beside its configuration, that a workload of a preset has. */
function rereadBy(preset: Preset, workload: string): string[] {
    const own = ["tls.crt", "tls.key"];
    const between: Record<string, string[]> = {
        "external-gateway": ["senders-ca.crt", ...own],
        gateway: ["next-ca.crt", "senders-ca.crt", ...own],
        "load-balancer": ["next-ca.crt", ...own],
    };
    const forClients: Partial<Record<Preset, Record<string, string[]>>> = {
        provided: { "load-balancer": ["clients.crt", "clients.key"] },
        "cert-manager": { "load-balancer": ["clients.crt", "clients.key"] },
    };
    const ofTier = preset === "plain" ? [] : (between[workload] ?? []);
    return [...ofTier, ...(forClients[preset]?.[workload] ?? [])].sort();
}
const isCollector = (set: V1StatefulSet) => collectors.includes(nameOf(set));

describe.each(presetNames)("every object of the preset %s", (preset) => {
    it("carries the labels app.kubernetes.io/*, and the namespace", async () => {
        for (const { kind, metadata } of await manifestsOf(preset)) {
            if (kind === "Namespace") continue;
            const labels = ["Certificate", "Issuer"].includes(kind ?? "")
                ? ["part-of"]
                : ["component", "instance", "managed-by", "name", "part-of"];
            expect([kind, Object.keys(metadata?.labels ?? {}).sort()]).toEqual([
                kind,
                labels.map((key) => `app.kubernetes.io/${key}`),
            ]);
            expect(metadata?.namespace).toBe(preset === "customized" ? "telemetry" : "otel-collector-tiers");
        }
    });
});

describe.each(presetNames)("every StatefulSet of the preset %s", (preset) => {
    it("has the three probes, and waits for replicas to stay ready, where it is a collector", async () => {
        for (const set of (await sets(preset)).filter(isCollector)) {
            const { startupProbe, readinessProbe, livenessProbe } = containerOf(set);
            for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
                expect(probe?.httpGet).toEqual({ path: "/", port: 13133 });
            }
            const settle = { "external-gateway": 0, gateway: 8, "load-balancer": 5 }[nameOf(set)];
            expect([nameOf(set), set.spec?.minReadySeconds]).toEqual([nameOf(set), settle]);
        }
    });

    it("has its memory reserved, and a soft limit for Go where it is a collector", async () => {
        for (const set of await sets(preset)) {
            const { resources, env } = containerOf(set);
            expect(resources?.requests?.memory).toMatch(/^\d+Ki$/);
            expect(resources?.limits?.memory).toBe(resources?.requests?.memory);
            expect(resources?.requests?.cpu).toMatch(/^\d+m$/);
            expect(resources?.limits).not.toHaveProperty("cpu");
            const bytes = Number(resources?.limits?.memory?.replace("Ki", "")) * 1_024;
            const limit = env?.find(({ name }) => name === "GOMEMLIMIT")?.value;
            expect(limit).toBe(isCollector(set) ? `${Math.floor(bytes * 0.45)}` : undefined);
        }
    });

    it("sleeps before it stops where senders have to notice, within its grace", async () => {
        const seconds = (set: V1StatefulSet) => containerOf(set).lifecycle?.preStop?.sleep?.seconds;
        for (const set of await sets(preset)) {
            const drain = { gateway: 8, "load-balancer": 5 }[nameOf(set)];
            expect([nameOf(set), seconds(set)]).toEqual([nameOf(set), drain]);
            expect(podOf(set).terminationGracePeriodSeconds).toBeGreaterThanOrEqual((drain ?? 0) + 5);
        }
    });

    it("is spread over zones and nodes, and never drained of more than one replica", async () => {
        const budgets = await all<V1PodDisruptionBudget>(preset, "PodDisruptionBudget");
        for (const set of await sets(preset)) {
            const { selector } = set.spec ?? {};
            expect(podOf(set).topologySpreadConstraints).toEqual(
                ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
                    topologyKey,
                    maxSkew: 1,
                    whenUnsatisfiable: "ScheduleAnyway",
                    labelSelector: selector,
                })),
            );
            const spec = { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector };
            expect(budgets.map((budget) => budget.spec)).toContainEqual(spec);
        }
    });

    it("may do as little as the restricted Pod Security asks for", async () => {
        for (const set of await sets(preset)) {
            expect(podOf(set).securityContext).toMatchObject({
                runAsNonRoot: true,
                runAsUser: 10001,
                runAsGroup: 10001,
                fsGroup: 10001,
                seccompProfile: { type: "RuntimeDefault" },
            });
            expect(containerOf(set).securityContext).toEqual({
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
        }
    });

    it("has an account of its own, with a token for the lb that looks up endpoints alone", async () => {
        const looksUp = !["dns", "static"].includes(preset);
        const accounts = await all<V1ServiceAccount>(preset, "ServiceAccount");
        expect(accounts.map(nameOf)).toEqual((await sets(preset)).map(nameOf));
        expect(accounts.map(({ automountServiceAccountToken: token }) => token)).toEqual(accounts.map(() => false));
        for (const set of await sets(preset)) {
            expect(podOf(set).serviceAccountName).toBe(nameOf(set));
            expect(podOf(set).automountServiceAccountToken).toBe(looksUp && nameOf(set) === "load-balancer");
        }
        const roles = await all<V1Role>(preset, "Role");
        expect(roles.map(({ rules }) => rules)).toEqual(
            looksUp
                ? [
                      [
                          {
                              apiGroups: ["discovery.k8s.io"],
                              resources: ["endpointslices"],
                              verbs: ["get", "list", "watch"],
                          },
                      ],
                  ]
                : [],
        );
        const bindings = await all<V1RoleBinding>(preset, "RoleBinding");
        expect(bindings.map(({ roleRef, subjects }) => [roleRef.name, subjects?.map(({ name }) => name)])).toEqual(
            looksUp ? [["load-balancer", ["load-balancer"]]] : [],
        );
    });

    it("has a network policy of its own", async () => {
        const policies = await all<V1NetworkPolicy>(preset, "NetworkPolicy");
        expect(policies.map(({ spec }) => spec?.podSelector)).toEqual(
            (await sets(preset)).map(({ spec }) => spec?.selector),
        );
    });

    it("reads its configuration from an object whose name changes with it", async () => {
        const objects = [
            ...(await all<V1ConfigMap>(preset, "ConfigMap")),
            ...(await all<V1ConfigMap>(preset, "Secret")),
        ];
        const renamed = objects.map(nameOf).filter((name) => name.endsWith("-00000000"));
        expect(renamed.sort()).toEqual(collectors.map((name) => `${name}-00000000`));
        for (const set of (await sets(preset)).filter(isCollector)) {
            const [{ configMap, secret } = {}] = sourcesOf(set);
            expect(configMap?.name ?? secret?.name).toBe(`${nameOf(set)}-00000000`);
        }
    });

    it("reads what is renewed from Secrets whose names stay, and is let in by its group alone", async () => {
        for (const set of await sets(preset)) {
            const secrets = sourcesOf(set).slice(isCollector(set) ? 1 : 0);
            for (const { secret } of secrets) expect(secret?.name).not.toMatch(/-00000000$/);
            const paths = secrets.flatMap(({ secret }) => secret?.items?.map(({ path }) => path));
            expect([nameOf(set), paths.sort()]).toEqual([nameOf(set), rereadBy(preset, nameOf(set))]);
            expect(filesOf(set)?.defaultMode).toBe(paths.length > 0 || isCollector(set) ? 0o440 : undefined);
        }
    });
});

describe("what only some ask for", () => {
    it("an autoscaler of the gateways", async () => {
        const [scaler] = await all<V2HorizontalPodAutoscaler>("hpa", "HorizontalPodAutoscaler");
        expect(scaler?.spec).toMatchObject({
            minReplicas: 3,
            maxReplicas: 12,
            scaleTargetRef: { kind: "StatefulSet", name: "gateway" },
        });
        const others = presetNames.filter((preset) => preset !== "hpa");
        for (const preset of others) expect(await all(preset, "HorizontalPodAutoscaler")).toEqual([]);
    });

    it("ways in: an Ingress and a route for each protocol", async () => {
        const kinds = ["Ingress", "HTTPRoute", "GRPCRoute"];
        const ways = (await manifestsOf("exposed")).filter(({ kind = "" }) => kinds.includes(kind));
        expect(ways.map((one) => [one.kind, nameOf(one)])).toEqual([
            ["GRPCRoute", "load-balancer-grpc"],
            ["HTTPRoute", "load-balancer-http"],
            ["Ingress", "load-balancer-grpc"],
            ["Ingress", "load-balancer-http"],
        ]);
    });

    it("where pods run, and with what: in every pod", async () => {
        const customized = await sets("customized");
        expect(customized).toHaveLength(4);
        for (const { spec } of customized) {
            const { metadata, spec: pod } = spec?.template as V1PodTemplateSpec;
            expect(metadata?.labels).toMatchObject({ "cost-center": "observability" });
            expect(metadata?.annotations).toEqual({ "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" });
            expect(pod).toMatchObject({
                nodeSelector: { "node.kubernetes.io/pool": "telemetry" },
                tolerations: [{ key: "dedicated", effect: "NoSchedule" }],
                affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } },
                imagePullSecrets: [{ name: "registry" }],
                priorityClassName: "telemetry",
            });
        }
    });
});
