import type { V1NetworkPolicy, V1Role, V1RoleBinding, V1ServiceAccount, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { type Keys, type KubernetesRun, runOnKubernetes } from "../../support/kubernetesStack";

const roles = ["external-gateway", "gateway", "load-balancer", "generator"];
const run = (keys: Keys = {}) => runOnKubernetes({ generator: true, ...keys });

const podOf = (on: KubernetesRun, name: string) => on.object<V1StatefulSet>("StatefulSet", name).spec?.template.spec;

describe("who a pod is to the cluster", () => {
    it.each(roles)("%s: an account of its own, that has no token by itself", async (name) => {
        const on = await run();
        expect(podOf(on, name)?.serviceAccountName).toBe(name);
        expect(on.object<V1ServiceAccount>("ServiceAccount", name)).toMatchObject({
            metadata: { name, namespace: "otel-collector-tiers" },
            automountServiceAccountToken: false,
        });
    });

    it.each([
        ["k8s", "the lb alone", [false, false, true, false]],
        ["dns", "nobody", [false, false, false, false]],
        ["static", "nobody", [false, false, false, false]],
    ])("with the resolver %s a token is for %s", async (resolver, _, tokens) => {
        const on = await run({ resolver });
        expect(roles.map((name) => podOf(on, name)?.automountServiceAccountToken)).toEqual(tokens);
        const granted = ["Role", "RoleBinding"].flatMap((kind) =>
            on.engine.resources.filter(({ inputs }) => inputs.kind === kind),
        );
        expect(granted.map(({ name }) => name)).toEqual(tokens[2] ? ["load-balancer", "load-balancer"] : []);
    });

    it("the lb may read the endpoints in its namespace, and nothing else", async () => {
        const on = await run({ namespace: "telemetry" });
        const role = on.object<V1Role>("Role", "load-balancer");
        expect(role.metadata?.namespace).toBe("telemetry");
        expect(role.rules).toEqual([
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
        ]);
        expect(on.object<V1RoleBinding>("RoleBinding", "load-balancer")).toMatchObject({
            metadata: { namespace: "telemetry" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "load-balancer" },
            subjects: [{ kind: "ServiceAccount", name: "load-balancer", namespace: "telemetry" }],
        });
    });

    it("the lb's pods start only when it may", async () => {
        const { engine } = await run();
        const { dependencies } = engine.byName("kubernetes:apps/v1:StatefulSet", "load-balancer");
        expect(dependencies).toContain(engine.byName("kubernetes:core/v1:ServiceAccount", "load-balancer").urn);
        const binding = engine.byName("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "load-balancer");
        expect(dependencies).toContain(binding.urn);
    });
});

describe("who may reach which port", () => {
    const podsOf = (role: string) => ({
        podSelector: {
            matchLabels: {
                "app.kubernetes.io/part-of": "otel-collector-tiers-test",
                "app.kubernetes.io/component": role,
            },
        },
    });
    const port = (number: number) => [{ protocol: "TCP", port: number }];
    const policies = async (keys?: Keys) => {
        const on = await run(keys);
        const rules = roles.map((name) => [name, on.object<V1NetworkPolicy>("NetworkPolicy", name).spec?.ingress]);
        return Object.fromEntries(rules) as Record<string, unknown>;
    };

    it("everybody the lbs, the lbs the gateways, the gateways the external gateway; nobody metrics or the tap", async () => {
        expect(await policies()).toEqual({
            "external-gateway": [{ ports: port(4317), from: [podsOf("gateway")] }],
            gateway: [{ ports: port(4317), from: [podsOf("load-balancer")] }],
            "load-balancer": [{ ports: port(4317) }, { ports: port(4318) }],
            generator: [],
        });
    });

    it.each(roles)("the policy of %s is for its own pods, and for what comes in", async (name) => {
        const on = await run();
        expect(on.object<V1NetworkPolicy>("NetworkPolicy", name).spec).toMatchObject({
            podSelector: on.object<V1StatefulSet>("StatefulSet", name).spec?.selector,
            policyTypes: ["Ingress", "Egress"],
        });
    });

    it("metrics and the tap whoever metricsFrom names", async () => {
        const metricsFrom = [{ namespaceSelector: { matchLabels: { name: "monitoring" } } }];
        const rules = await policies({ metricsFrom });
        const metrics = { ports: port(8888), from: metricsFrom };
        expect(rules["external-gateway"]).toEqual([
            { ports: port(4317), from: [podsOf("gateway")] },
            metrics,
            { ports: port(8889), from: metricsFrom },
        ]);
        expect(rules.gateway).toContainEqual(metrics);
        expect(rules["load-balancer"]).toContainEqual(metrics);
    });

    it("the lbs only whom clientsFrom names, and a generator of their own", async () => {
        const clientsFrom = [{ podSelector: {} }, { ipBlock: { cidr: "10.0.0.0/8" } }];
        const from = [...clientsFrom, podsOf("generator")];
        const rules = await policies({ clientsFrom });
        expect(rules["load-balancer"]).toEqual([
            { ports: port(4317), from },
            { ports: port(4318), from },
        ]);
    });
});
