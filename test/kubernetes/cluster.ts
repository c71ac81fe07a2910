import type { AppsV1Api, CoreV1Api, KubernetesObjectApi, RbacAuthorizationV1Api, V1Pod } from "@kubernetes/client-node";
import { connect } from "node:net";

/** The test cluster, as its administrator sees it. */
export interface TestCluster {
    context: string;
    apps: AppsV1Api;
    core: CoreV1Api;
    rbac: RbacAuthorizationV1Api;
    objects: KubernetesObjectApi;
}

let opened: Promise<TestCluster> | undefined;

export const testCluster = () => (opened ??= open());

async function open(): Promise<TestCluster> {
    const library = await import("@kubernetes/client-node");
    const config = new library.KubeConfig();
    config.loadFromFile(process.env.TEST_KUBECONFIG ?? "");
    return {
        context: config.getCurrentContext(),
        apps: config.makeApiClient(library.AppsV1Api),
        core: config.makeApiClient(library.CoreV1Api),
        rbac: config.makeApiClient(library.RbacAuthorizationV1Api),
        objects: library.KubernetesObjectApi.makeApiClient(config),
    };
}

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

/** The number that a StatefulSet should have, set by somebody else than the stack. */
export async function scale(namespace: string, name: string, replicas: number): Promise<void> {
    const { apps } = await testCluster();
    const body = await apps.readNamespacedStatefulSetScale({ namespace, name });
    body.spec = { replicas };
    await apps.replaceNamespacedStatefulSetScale({ namespace, name, body });
}

/** Ends a pod as if its node had lost power. */
export async function kill(namespace: string, name: string): Promise<void> {
    const { core } = await testCluster();
    await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
}

/** The address of a Service, where this machine is on the cluster's network. */
export async function reachableService(namespace: string, name: string): Promise<string | undefined> {
    const { core } = await testCluster();
    const service = await core.readNamespacedService({ namespace, name });
    const address = service.spec?.clusterIP ?? "";
    return (await accepts(address, 4317)) ? address : undefined;
}

const connectMs = 2_000;

function accepts(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ host, port, timeout: connectMs });
        const end = (answer: boolean) => {
            socket.destroy();
            resolve(answer);
        };
        socket.once("connect", () => end(true));
        socket.once("timeout", () => end(false));
        socket.once("error", () => end(false));
    });
}
