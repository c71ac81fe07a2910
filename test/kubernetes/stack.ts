import type { V1Pod } from "@kubernetes/client-node";
import { reach, type Reach } from "../../components/platform";
import { isReady } from "../../components/platform/kubernetes/objects";
import { type Configuration, EngineStack, newStackName, onStack } from "../support/engineStack";
import { eventually } from "../support/eventually";
import { reachableService, testCluster } from "./cluster";

/** The least that a collector runs with: a node of two cores takes many. */
const frugal = {
    gatewayMemory: "96Mi",
    gatewayCpuRequest: "10m",
    loadBalancerMemory: "256Mi",
    loadBalancerCpuRequest: "10m",
    externalGatewayMemory: "256Mi",
    externalGatewayCpuRequest: "10m",
    storageSize: "100Mi",
};

/** A stack of its own on the real cluster, in a namespace of its own. */
export class KubernetesStack extends EngineStack {
    static async create(configuration: Configuration = {}): Promise<KubernetesStack> {
        const { context } = await testCluster();
        const name = newStackName();
        return new KubernetesStack(
            await EngineStack.open(name, {
                platform: "kubernetes",
                resolver: "k8s",
                context,
                namespace: name,
                loadBalancers: 2,
                image: "otel/opentelemetry-collector-contrib:0.161.0",
                ...frugal,
                ...configuration,
            }),
        );
    }

    get namespace(): string {
        return this.name;
    }

    /** Waits until a pod is ready in another life than the one with that uid. */
    async backFrom(pod: string, uid: string | undefined): Promise<void> {
        await eventually(`${pod} that is ready again`, async () => {
            const found = await this.pod(pod);
            return { done: found !== undefined && found.metadata?.uid !== uid && isReady(found), saw: found?.status };
        });
    }

    /** Waits until a pod is not ready, or not there. */
    async gone(pod: string): Promise<void> {
        await eventually(`${pod} that is not ready`, async () => {
            const found = await this.pod(pod);
            return { done: found === undefined || !isReady(found), saw: found?.status };
        });
    }

    private async pod(name: string): Promise<V1Pod | undefined> {
        const { items } = await (await testCluster()).core.listNamespacedPod({ namespace: this.namespace });
        return items.find(({ metadata }) => metadata?.name === name);
    }

    /** As the pods of clients do, through the Service; where this machine is not on the cluster's network, through the API server. */
    async through<T>(act: (target: Reach) => Promise<T>): Promise<T> {
        const target = await reach(this.outputs);
        try {
            const address = await reachableService(this.namespace, "load-balancer");
            const service = address && {
                grpc: [`${address}:4317`, `${address}:4317`],
                http: [`http://${address}:4318`],
            };
            return await act({ ...target, ...service });
        } finally {
            await target.close();
        }
    }
}

export const withStack = async (test: (stack: KubernetesStack) => Promise<void>, configuration: Configuration = {}) =>
    onStack(await KubernetesStack.create(configuration), test);
