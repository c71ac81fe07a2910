import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Ingress } from "@pulumi/kubernetes/networking/v1";
import { hasClients, type KubernetesWorkload, metadata, servicePorts, unawaited } from "./workload";

/** The ways into the cluster that settings ask for, to the workload that has clients. */
export function waysIn(workload: KubernetesWorkload): void {
    if (!hasClients(workload)) return;
    for (const { name, number } of servicePorts(workload)) {
        ingress(workload, name, number);
        route(workload, name, number);
    }
}

const hostOf = (hosts: { httpHost?: string; grpcHost?: string } | undefined, port: string) =>
    port === "grpc" ? hosts?.grpcHost : hosts?.httpHost;

/** One for each protocol: controllers take the protocol towards the pods from an annotation of the whole object. */
function ingress(workload: KubernetesWorkload, port: string, number: number): void {
    const { ingress } = workload.settings;
    const host = hostOf(ingress, port);
    if (!ingress || !host) return;
    const { className, tlsSecret, annotations, grpcAnnotations } = ingress;
    const own = port === "grpc" ? grpcAnnotations : undefined;
    const name = `${workload.name}-${port}`;
    const backend = { service: { name: workload.name, port: { number } } };
    new Ingress(
        name,
        {
            metadata: metadata(workload, { name, annotations: { ...unawaited, ...annotations, ...own } }),
            spec: {
                ...(className && { ingressClassName: className }),
                ...(tlsSecret && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
                rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
            },
        },
        workload.options,
    );
}

function route(workload: KubernetesWorkload, port: string, number: number): void {
    const { routes } = workload.settings;
    const host = hostOf(routes, port);
    if (!routes || !host) return;
    const [name = "", namespace] = routes.gateway.split("/").reverse();
    const routeName = `${workload.name}-${port}`;
    new CustomResource(
        routeName,
        {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: port === "grpc" ? "GRPCRoute" : "HTTPRoute",
            metadata: metadata(workload, { name: routeName }),
            spec: {
                parentRefs: [{ name, ...(namespace && { namespace }) }],
                hostnames: [host],
                rules: [{ backendRefs: [{ name: workload.name, port: number }] }],
            },
        },
        workload.options,
    );
}
