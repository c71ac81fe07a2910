import type * as pulumi from "@pulumi/pulumi";
import type { WithDefaults } from "../../defaults";
import type { Port, Role, WorkloadSpec } from "../platform";
import type { KUBERNETES_DEFAULTS, KubernetesPlatformArgs } from "./args";

export type KubernetesSettings = WithDefaults<KubernetesPlatformArgs, typeof KUBERNETES_DEFAULTS> & { prefix: string };

/** One workload on its way to becoming Kubernetes objects, one file here for each kind. */
export interface KubernetesWorkload {
    name: string;
    spec: WorkloadSpec;
    settings: KubernetesSettings;
    namespace: pulumi.Output<string>;
    /** Parent and provider of each of its objects. */
    options: pulumi.CustomResourceOptions;
}

const partOf = "app.kubernetes.io/part-of";
const component = "app.kubernetes.io/component";
const longestLabel = 63;

/** What finds everything of a stack. */
export const ownerLabels = (prefix: string) => ({
    [partOf]: prefix.slice(0, longestLabel).replace(/[^a-zA-Z0-9]+$/, ""),
});

/** What finds the pods of one workload; it can never change. */
export const selectorLabels = ({ name, settings }: Pick<KubernetesWorkload, "name" | "settings">) => ({
    ...ownerLabels(settings.prefix),
    "app.kubernetes.io/instance": name,
});

/** What finds the pods of every workload with a role. */
export const roleLabels = (prefix: string, role: Role) => ({ ...ownerLabels(prefix), [component]: role });

export const allLabels = (workload: KubernetesWorkload) => ({
    ...selectorLabels(workload),
    [component]: workload.spec.role,
    "app.kubernetes.io/name": "otel-collector-tiers",
    "app.kubernetes.io/managed-by": "pulumi",
});

/** Labels as the API takes them in a query. */
export const selectorText = (labels: Record<string, string>) =>
    Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");

/** The name of a workload inside the cluster. */
export const serviceHost = (workload: string, namespace: string) => `${workload}.${namespace}.svc`;

/** The name, namespace and labels of an object; those without a name of their own get one from the engine. */
export function metadata(workload: KubernetesWorkload, more: { name?: string; annotations?: Record<string, string> }) {
    return { namespace: workload.namespace, labels: allLabels(workload), ...more };
}

/** The platform itself waits until a workload is ready, and says why it is not. */
export const unawaited = { "pulumi.com/skipAwait": "true" };

/** Ports that a Service leads to: whoever runs the topology goes to the pods themselves. */
export const servicePorts = ({ spec }: KubernetesWorkload): Port[] =>
    spec.ports.filter(({ reachedBy }) => reachedBy !== "operators");

export const hasClients = ({ spec }: KubernetesWorkload): boolean =>
    spec.ports.some(({ reachedBy }) => reachedBy === "clients");
