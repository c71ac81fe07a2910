import type { KubernetesObject } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { type Keys, objectsOf, runOnKubernetes } from "./kubernetesStack";
import { autoNamed, type Recorded } from "./mocks";

/** The stacks whose objects are kept in test/golden/kubernetes: what each sets beside Pulumi.k8s.yaml. */
export const presets = {
    defaults: {},
    medium: { size: "medium" },
    large: { size: "large" },
    dns: { resolver: "dns" },
    static: { resolver: "static" },
    hpa: {
        scaledBy: "platform",
        maxGateways: 12,
        scaleOnCpu: 60,
        scaleOnMemory: 80,
        scaleOnMetrics: [
            {
                type: "Pods",
                pods: {
                    metric: { name: "otelcol_receiver_accepted_spans" },
                    target: { type: "AverageValue", averageValue: "5k" },
                },
            },
        ],
    },
    "external-scaler": { scaledBy: "external" },
    exposed: {
        serviceType: "LoadBalancer",
        serviceAnnotations: { "service.beta.kubernetes.io/aws-load-balancer-type": "external" },
        trafficDistribution: "PreferClose",
        ingress: {
            httpHost: "otlp.example.com",
            grpcHost: "otlp-grpc.example.com",
            className: "nginx",
            tlsSecret: "otlp-tls",
            annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "16m" },
            grpcAnnotations: { "nginx.ingress.kubernetes.io/backend-protocol": "GRPC" },
        },
        routes: { gateway: "gateways/public", httpHost: "otlp.example.org", grpcHost: "otlp-grpc.example.org" },
    },
    ephemeral: { storageClass: "ephemeral", storageSize: "2Gi" },
    customized: {
        generator: true,
        namespace: "telemetry",
        createNamespace: false,
        storageClass: "fast",
        storageSize: "50Gi",
        clientsFrom: [{ namespaceSelector: { matchLabels: { "sends-telemetry": "true" } } }],
        metricsFrom: [
            {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
            },
        ],
        pods: {
            labels: { "cost-center": "observability" },
            annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" },
            nodeSelector: { "node.kubernetes.io/pool": "telemetry" },
            tolerations: [{ key: "dedicated", operator: "Equal", value: "telemetry", effect: "NoSchedule" }],
            affinity: {
                nodeAffinity: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                        nodeSelectorTerms: [
                            { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] },
                        ],
                    },
                },
            },
            imagePullSecrets: ["registry"],
            priorityClassName: "telemetry",
        },
    },
    plain: { mtls: "off" },
    provided: {
        mtls: "provided",
        certificatesFrom: {
            secrets: { loadBalancer: "lb-tls", gateway: "gateway-tls", externalGateway: "external-gateway-tls" },
        },
        clientTls: "provided",
        clientTlsFrom: { secret: "otlp-tls" },
        clientNames: ["otlp.example.com"],
        clientTokens: ["SECRET-SECRET-SECRET"],
        waived: [],
    },
    "cert-manager": {
        mtls: "cert-manager",
        certificatesFrom: { issuer: { name: "internal" } },
        clientTls: "cert-manager",
        clientTlsFrom: { issuer: { name: "public", kind: "ClusterIssuer" } },
        clientNames: ["otlp.example.com", "203.0.113.7"],
        waived: ["ingress/knows-its-clients"],
    },
    backends: {
        backends: [
            { endpoint: "https://otlp.example.com:4317", headers: { "api-key": "SECRET" } },
            { endpoint: "http://jaeger.tracing.svc:4318", protocol: "http", signals: ["traces"] },
        ],
    },
} satisfies Record<string, Keys>;
export type Preset = keyof typeof presets;
export const presetNames = Object.keys(presets) as Preset[];

const made = new Map<Preset, KubernetesObject[]>();

/**
 * What a preset creates on a cluster, as the API takes it: in a fixed order, without secrets.
 * There is one engine in a process, so not two at a time.
 */
export async function manifestsOf(preset: Preset): Promise<KubernetesObject[]> {
    const manifests = made.get(preset) ?? (await make(preset));
    made.set(preset, manifests);
    return manifests;
}

async function make(preset: Preset): Promise<KubernetesObject[]> {
    const { engine } = await runOnKubernetes(presets[preset]);
    const place = ({ kind = "", metadata }: KubernetesObject) => `${kind} ${metadata?.name}`;
    return objectsOf(engine)
        .map(manifestOf)
        .sort((one, other) => (place(one) < place(other) ? -1 : 1));
}

/** One object; what the engine or the cluster would name itself has a name that never changes. */
function manifestOf({ name, inputs, secrets }: Recorded): KubernetesObject {
    const masked = secrets.map((key) => [key, withoutValues(inputs[key])]);
    const metadata = { name: autoNamed(name), ...(inputs.metadata as object) };
    return { ...inputs, ...Object.fromEntries(masked), metadata } as KubernetesObject;
}

const withoutValues = (secret: unknown) =>
    Object.fromEntries(Object.keys(secret as object).map((key) => [key, "(secret)"]));

/** Several objects as one YAML stream. */
export const manifestText = (objects: KubernetesObject[]) =>
    objects
        .map((one) => stringify(one, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 }))
        .join("---\n");
