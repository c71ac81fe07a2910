import { Service } from "@pulumi/kubernetes/core/v1";
import { ServiceType } from "./args";
import { hasClients, type KubernetesWorkload, metadata, selectorLabels, servicePorts, unawaited } from "./workload";

/** The name for all replicas; without an address of its own where senders choose a replica themselves. */
export function service(workload: KubernetesWorkload): Service | undefined {
    const { name, spec, settings, options } = workload;
    const ports = servicePorts(workload);
    if (ports.length === 0) return undefined;
    const outward = hasClients(workload);
    const headless = spec.addressed === "one by one";
    const annotations = { ...unawaited, ...(outward && settings.serviceAnnotations) };
    return new Service(
        name,
        {
            metadata: metadata(workload, { name, annotations }),
            spec: {
                type: outward ? settings.serviceType : ServiceType.ClusterIP,
                ...(headless && { clusterIP: "None" }),
                ...(outward && settings.trafficDistribution && { trafficDistribution: settings.trafficDistribution }),
                selector: selectorLabels(workload),
                ports: ports.map(({ name, number, isEncrypted }) => ({
                    name,
                    port: number,
                    targetPort: name,
                    appProtocol: isEncrypted ? "https" : name === "grpc" ? "kubernetes.io/h2c" : "http",
                })),
            },
        },
        options,
    );
}
