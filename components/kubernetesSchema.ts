// The keys of a stack's configuration that only Kubernetes knows.
import { z } from "zod";
import { invalid } from "./errors";
import { ServiceType } from "./platform/kubernetes/args";
import { oneOf, text, textMap, whole } from "./settingsKinds";

const optionalText = z.string("a text");
const distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"] as const;
const peers = z.array(z.looseObject({}, "a peer"), "a list as the `from` of a NetworkPolicy");
const quantity = 'a size, as in "10Gi"';
const namespaceName = "a name of at most 63 lower case letters, digits and dashes";
const hosts = { httpHost: z.optional(text), grpcHost: z.optional(text) };

const ingress = z.strictObject(
    {
        ...hosts,
        className: z.optional(text),
        tlsSecret: z.optional(text),
        annotations: z.optional(textMap),
        grpcAnnotations: z.optional(textMap),
    },
    "a mapping of httpHost, grpcHost, className, tlsSecret, annotations, grpcAnnotations",
);

const routes = z.strictObject({ ...hosts, gateway: z.optional(text) }, "a mapping of gateway, httpHost, grpcHost");

const pods = z.strictObject(
    {
        labels: z.optional(textMap),
        annotations: z.optional(textMap),
        nodeSelector: z.optional(textMap),
        tolerations: z.optional(z.array(z.looseObject({}, "a toleration"), "a list of tolerations")),
        affinity: z.optional(z.looseObject({}, "a mapping as a pod's `affinity`")),
        imagePullSecrets: z.optional(z.array(text, "a list of names of Secrets")),
        priorityClassName: z.optional(text),
    },
    "a mapping of labels, annotations, nodeSelector, tolerations, affinity, imagePullSecrets, priorityClassName",
);

export const kubernetesKeys = {
    context: optionalText,
    namespace: z.string(namespaceName).regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, namespaceName),
    createNamespace: z.boolean("true or false"),
    storageClass: optionalText,
    storageSize: z.string(quantity).regex(/^[1-9]\d*(Mi|Gi|Ti)$/, quantity),
    serviceType: oneOf(ServiceType),
    serviceAnnotations: textMap,
    trafficDistribution: z.enum(["", ...distributions], distributions.join(", ")),
    ingress,
    routes,
    clientsFrom: peers,
    metricsFrom: peers,
    pods,
    scaleOnCpu: whole(0, 1_000),
    scaleOnMemory: whole(0, 1_000),
    scaleOnMetrics: z.array(z.looseObject({}, "a metric"), "a list as the `metrics` of a HorizontalPodAutoscaler"),
    scaleBehavior: z.looseObject({}, "a mapping as the `behavior` of a HorizontalPodAutoscaler"),
};

type KubernetesKeys = z.infer<z.ZodObject<typeof kubernetesKeys>>;

/** @throws InvalidInput for the first key that does not go with another */
export function checkKubernetes({ ingress, routes }: KubernetesKeys): void {
    const hasHost = ({ httpHost, grpcHost }: { httpHost?: string; grpcHost?: string }) => httpHost ?? grpcHost;
    const given = (value: object) => Object.keys(value).length > 0;
    if (given(ingress) && !hasHost(ingress)) throw invalid("ingress", ingress, "one with httpHost, grpcHost or both");
    if (given(routes) && !(hasHost(routes) && routes.gateway))
        throw invalid("routes", routes, "ones with gateway, and with httpHost, grpcHost or both");
}
