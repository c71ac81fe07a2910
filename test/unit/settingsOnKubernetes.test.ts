import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../components/errors";
import { KUBERNETES_DEFAULTS } from "../../components/platform/kubernetes/args";
import { checkKeys } from "../../components/settingsSchema";
import { defaultKeys, settingsWith } from "../support/stackSettings";

type Keys = Record<string, unknown>;

const onKubernetes = { platform: "kubernetes", resolver: "k8s", context: "test" };
const check = (keys: Keys) => checkKeys({ ...defaultKeys, ...onKubernetes, ...keys });

const namespace = "a name of at most 63 lower case letters, digits and dashes";
const percent = "a whole number from 0 to 1000";
const texts = "a mapping of names to texts";
const peers = "a list as the `from` of a NetworkPolicy";
const hosts = "one with httpHost, grpcHost or both";
const gateway = "ones with gateway, and with httpHost, grpcHost or both";
const ingressKeys = "a mapping of httpHost, grpcHost, className, tlsSecret, annotations, grpcAnnotations";
const podKeys =
    "a mapping of labels, annotations, nodeSelector, tolerations, affinity, imagePullSecrets, priorityClassName";

describe("a value that Kubernetes does not go with is refused in one exact sentence", () => {
    it.each<[Keys, string]>([
        [{ context: 1 }, "context is 1; allowed: a text"],
        [{ namespace: "" }, `namespace is ""; allowed: ${namespace}`],
        [{ namespace: "Telemetry" }, `namespace is "Telemetry"; allowed: ${namespace}`],
        [{ namespace: "-a" }, `namespace is "-a"; allowed: ${namespace}`],
        [{ namespace: "a." }, `namespace is "a."; allowed: ${namespace}`],
        [{ namespace: "a".repeat(64) }, `namespace is "${"a".repeat(64)}"; allowed: ${namespace}`],
        [{ createNamespace: "yes" }, 'createNamespace is "yes"; allowed: true or false'],
        [{ storageClass: null }, "storageClass is null; allowed: a text"],
        [{ storageSize: "10" }, 'storageSize is "10"; allowed: a size, as in "10Gi"'],
        [{ storageSize: "0Gi" }, 'storageSize is "0Gi"; allowed: a size, as in "10Gi"'],
        [{ storageSize: "1.5Gi" }, 'storageSize is "1.5Gi"; allowed: a size, as in "10Gi"'],
        [{ serviceType: "ExternalName" }, 'serviceType is "ExternalName"; allowed: ClusterIP, NodePort, LoadBalancer'],
        [{ serviceAnnotations: ["a"] }, `serviceAnnotations is ["a"]; allowed: ${texts}`],
        [{ serviceAnnotations: { a: 1 } }, "serviceAnnotations.a is 1; allowed: a text"],
        [
            { trafficDistribution: true },
            "trafficDistribution is true; allowed: PreferClose, PreferSameZone, PreferSameNode",
        ],
        [{ ingress: "otlp.example.com" }, `ingress is "otlp.example.com"; allowed: ${ingressKeys}`],
        [{ ingress: { className: "nginx" } }, `ingress is a mapping of className; allowed: ${hosts}`],
        [{ ingress: { httpHost: "a", annotations: { b: 2 } } }, "ingress.annotations.b is 2; allowed: a text"],
        [{ ingress: { httpHost: "" } }, 'ingress.httpHost is ""; allowed: a text'],
        [{ ingress: { host: "a" } }, `ingress is a mapping of host; allowed: ${ingressKeys}`],
        [{ routes: { gateway: "public" } }, `routes is a mapping of gateway; allowed: ${gateway}`],
        [{ routes: { httpHost: "a" } }, `routes is a mapping of httpHost; allowed: ${gateway}`],
        [
            { routes: { gateway: "public", host: "a" } },
            "routes is a mapping of gateway, host; allowed: a mapping of gateway, httpHost, grpcHost",
        ],
        [{ clientsFrom: { podSelector: {} } }, `clientsFrom is a mapping of podSelector; allowed: ${peers}`],
        [{ clientsFrom: ["everybody"] }, 'clientsFrom[0] is "everybody"; allowed: a peer'],
        [{ metricsFrom: "monitoring" }, `metricsFrom is "monitoring"; allowed: ${peers}`],
        [{ metricsFrom: [{}, 1] }, "metricsFrom[1] is 1; allowed: a peer"],
        [{ pods: [] }, `pods is []; allowed: ${podKeys}`],
        [{ pods: { label: {} } }, `pods is a mapping of label; allowed: ${podKeys}`],
        [{ pods: { labels: { a: 1 } } }, "pods.labels.a is 1; allowed: a text"],
        [{ pods: { annotations: "a" } }, `pods.annotations is "a"; allowed: ${texts}`],
        [{ pods: { nodeSelector: { a: true } } }, "pods.nodeSelector.a is true; allowed: a text"],
        [{ pods: { tolerations: {} } }, "pods.tolerations is a mapping of nothing; allowed: a list of tolerations"],
        [{ pods: { tolerations: ["a"] } }, 'pods.tolerations[0] is "a"; allowed: a toleration'],
        [{ pods: { affinity: [] } }, "pods.affinity is []; allowed: a mapping as a pod's `affinity`"],
        [
            { pods: { imagePullSecrets: "registry" } },
            'pods.imagePullSecrets is "registry"; allowed: a list of names of Secrets',
        ],
        [{ pods: { imagePullSecrets: [{}] } }, "pods.imagePullSecrets[0] is a mapping of nothing; allowed: a text"],
        [{ pods: { priorityClassName: "" } }, 'pods.priorityClassName is ""; allowed: a text'],
        [{ scaledBy: "keda" }, 'scaledBy is "keda"; allowed: replicas, platform, external'],
        [{ maxGateways: 0 }, "maxGateways is 0; allowed: a whole number from 1 to 100"],
        [
            { scaledBy: "platform", gateways: 5, maxGateways: 4 },
            "maxGateways is 4; allowed: at least 5, the number of gateways",
        ],
        [{ scaleOnCpu: -1 }, `scaleOnCpu is -1; allowed: ${percent}`],
        [{ scaleOnMemory: 1001 }, `scaleOnMemory is 1001; allowed: ${percent}`],
        [{ scaleOnMetrics: ["cpu"] }, 'scaleOnMetrics[0] is "cpu"; allowed: a metric'],
        [
            { scaleOnMetrics: {} },
            "scaleOnMetrics is a mapping of nothing; allowed: a list as the `metrics` of a HorizontalPodAutoscaler",
        ],
        [
            { scaleBehavior: [] },
            "scaleBehavior is []; allowed: a mapping as the `behavior` of a HorizontalPodAutoscaler",
        ],
    ])("%j", (keys, sentence) => {
        expect(() => check(keys)).toThrow(new InvalidInput(sentence));
    });
});

describe("a scaler is refused", () => {
    it.each(["platform", "external"])("by %s with the static resolver, and on Docker", (scaledBy) => {
        expect(() => check({ scaledBy, resolver: "static" })).toThrow(
            new InvalidInput(
                `scaledBy is "${scaledBy}"; allowed: replicas, because the static resolver has a fixed list of gateways`,
            ),
        );
        expect(() => check({ scaledBy, platform: "docker", resolver: "dns" })).toThrow(
            new InvalidInput(`scaledBy is "${scaledBy}"; allowed: replicas, because the platform is docker`),
        );
    });

    it("by its numbers only where there is one", () => {
        expect(check({ gateways: 50, maxGateways: 10 })).toMatchObject({ gateways: 50, maxGateways: 10 });
    });
});

describe("a value that Kubernetes goes with is taken", () => {
    it.each<Keys>([
        { resolver: "static" },
        { resolver: "dns", scaledBy: "external" },
        { scaledBy: "platform", gateways: 10, maxGateways: 10, scaleOnCpu: 0, scaleOnMemory: 1000 },
        { namespace: "a" },
        { namespace: "a".repeat(63), createNamespace: false },
        { storageClass: "ephemeral", storageSize: "512Mi" },
        { serviceType: "LoadBalancer", serviceAnnotations: { a: "b" }, trafficDistribution: "PreferClose" },
        { ingress: { httpHost: "a" } },
        { ingress: { grpcHost: "a", className: "b", tlsSecret: "c", annotations: { d: "e" } } },
        { routes: { gateway: "a/b", grpcHost: "c" } },
        { clientsFrom: [{ ipBlock: { cidr: "10.0.0.0/8" } }], metricsFrom: [{ podSelector: {} }] },
        { scaleOnMetrics: [{ type: "External", external: {} }], scaleBehavior: { scaleUp: {} } },
        { pods: { tolerations: [{ operator: "Exists" }], affinity: { podAffinity: {} }, imagePullSecrets: ["a"] } },
    ])("%j", (keys) => {
        expect(check(keys)).toMatchObject(keys);
    });
});

describe("each key of Kubernetes goes where it belongs", () => {
    const pods = { labels: { a: "b" }, priorityClassName: "c" };
    const platform = {
        namespace: "telemetry",
        createNamespace: false,
        storageClass: "fast",
        storageSize: "1Gi",
        serviceType: "NodePort",
        serviceAnnotations: { a: "b" },
        trafficDistribution: "PreferClose",
        ingress: { httpHost: "a" },
        routes: { gateway: "b", httpHost: "c" },
        clientsFrom: [{ podSelector: {} }],
        metricsFrom: [{ namespaceSelector: {} }],
        pods,
    };

    it("the platform's to the platform", () => {
        expect(settingsWith({ ...onKubernetes, ...platform }).kubernetes).toEqual({ context: "test", ...platform });
    });

    it("without any, the platform's are what it would take anyway", () => {
        const { context, namespace, ...others } = settingsWith(onKubernetes).kubernetes;
        expect({ context, namespace }).toEqual({ context: "test", namespace: "otel-collector-tiers" });
        expect(others).toEqual({ ...KUBERNETES_DEFAULTS, ingress: undefined, routes: undefined });
    });

    it("the scaler's to the gateways", () => {
        const measures = { scaleOnCpu: 10, scaleOnMemory: 20, scaleOnMetrics: [{}], scaleBehavior: { a: 1 } };
        const { gateways } = settingsWith({ ...onKubernetes, scaledBy: "platform", maxGateways: 30, ...measures });
        expect(gateways).toMatchObject({ scaledBy: "platform", maxReplicas: 30, ...measures });
    });
});
