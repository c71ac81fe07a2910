import type { V1Pod } from "@kubernetes/client-node";
import { reach, type Reach } from "../../components/platform";
import { isReady } from "../../components/platform/kubernetes/objects";
import { type Configuration, EngineStack, onStack } from "../../bench/rigs/engineStack";
import { reachableService, testCluster } from "../../bench/rigs/kubernetesCluster";
import { openOnCluster } from "../../bench/rigs/kubernetesStack";
import { eventually } from "../support/eventually";

/** A stack of its own on the real cluster, in a namespace of its own. */
export class KubernetesStack extends EngineStack {
    static async create(configuration: Configuration = {}): Promise<KubernetesStack> {
        return new KubernetesStack(await openOnCluster("e2e", configuration));
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
