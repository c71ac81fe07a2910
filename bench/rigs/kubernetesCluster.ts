import type {
    AppsV1Api,
    CoreV1Api,
    DiscoveryV1Api,
    KubeConfig,
    KubernetesObjectApi,
    RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { connect } from "node:net";
import { invalid } from "../../components/errors";

/** The test cluster, as its administrator sees it. */
export interface TestCluster {
    context: string;
    config: KubeConfig;
    apps: AppsV1Api;
    core: CoreV1Api;
    discovery: DiscoveryV1Api;
    rbac: RbacAuthorizationV1Api;
    objects: KubernetesObjectApi;
}

let opened: Promise<TestCluster> | undefined;

/** The cluster of TEST_KUBECONFIG, else of KUBECONFIG; stacks of this process then come up there too. */
export const testCluster = () => (opened ??= open());

async function open(): Promise<TestCluster> {
    const file = process.env.TEST_KUBECONFIG ?? process.env.KUBECONFIG;
    if (!file) throw invalid("TEST_KUBECONFIG", file, "the kubeconfig of a cluster for tests");
    process.env.KUBECONFIG = file;
    const library = await import("@kubernetes/client-node");
    const config = new library.KubeConfig();
    config.loadFromFile(file);
    return {
        context: config.getCurrentContext(),
        config,
        apps: config.makeApiClient(library.AppsV1Api),
        core: config.makeApiClient(library.CoreV1Api),
        discovery: config.makeApiClient(library.DiscoveryV1Api),
        rbac: config.makeApiClient(library.RbacAuthorizationV1Api),
        objects: library.KubernetesObjectApi.makeApiClient(config),
    };
}

/** As in "1.34.3". */
export async function clusterVersion(): Promise<string> {
    const { config } = await testCluster();
    const { VersionApi } = await import("@kubernetes/client-node");
    const { gitVersion } = await config.makeApiClient(VersionApi).getCode();
    return gitVersion.replace(/^v/, "");
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
