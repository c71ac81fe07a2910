import type { V1Pod } from "@kubernetes/client-node";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { ForwardedPorts } from "../../bench/rigs/kubernetesPorts";
import { servedCertificate } from "../support/tlsClient";

/** The pods of a workload, by name. */
export async function podsOf(namespace: string, workload: string): Promise<Map<string, V1Pod>> {
    const { core } = await testCluster();
    const labelSelector = `app.kubernetes.io/instance=${workload}`;
    const { items } = await core.listNamespacedPod({ namespace, labelSelector });
    return new Map(items.map((pod) => [pod.metadata?.name ?? "", pod]));
}

/** What tells one life of each pod from another. */
export async function uidsOf(namespace: string, workload: string): Promise<Record<string, string>> {
    const pods = [...(await podsOf(namespace, workload))].sort(([one], [other]) => one.localeCompare(other));
    return Object.fromEntries(pods.map(([name, { metadata }]) => [name, metadata?.uid ?? ""] as const));
}

/** What the ring of the k8s and dns resolvers holds, with the gateway behind each address. */
export async function gatewayAddresses(namespace: string): Promise<Map<string, string>> {
    const pods = [...(await podsOf(namespace, "gateway"))];
    return new Map(pods.map(([name, { status }]) => [`${status?.podIP}:4317`, name]));
}

/** Each life of each pod of a namespace, restarts included. */
export async function livesOf(namespace: string): Promise<Record<string, string>> {
    const { core } = await testCluster();
    const { items } = await core.listNamespacedPod({ namespace });
    const lives = items.map(({ metadata, status }) => {
        const restarts = (status?.containerStatuses ?? []).map(({ restartCount }) => restartCount).join();
        return [metadata?.name ?? "", `${metadata?.uid} ${restarts}`] as const;
    });
    return Object.fromEntries(lives.sort(([one], [other]) => one.localeCompare(other)));
}

/** "address:port" on this machine of pods' ports for OTLP over gRPC, as long as something happens. */
export async function withPorts<T>(namespace: string, act: (to: (pod: string) => Promise<string>) => Promise<T>) {
    const { context } = await testCluster();
    const ports = new ForwardedPorts({ context, namespace });
    try {
        return await act((pod) => ports.address(pod, 4317));
    } finally {
        await ports.close();
    }
}

/** The serial number of the certificate that a pod shows who sends to it. */
export function servedSerial(namespace: string, pod: string): Promise<string> {
    return withPorts(namespace, async (to) => {
        const [host = "", port] = (await to(pod)).split(":");
        return (await servedCertificate(host, Number(port))).serialNumber;
    });
}
