import type { V1Pod } from "@kubernetes/client-node";
import { memoryBytes } from "../../components/collector/quantity";
import { nameOf } from "../../components/platform/kubernetes/objects";
import { testCluster } from "./kubernetesCluster";

/** What a kubelet tells of the pods of its node; only what is read here. */
interface Summary {
    pods: { podRef: { uid: string }; containers?: { memory?: { rssBytes?: number } }[] }[];
}

/** What the pods have in use without the page cache, by the cgroups of their nodes, and their limits; those that do not run are left out. */
export async function memoryOf(pods: readonly V1Pod[]): Promise<Record<string, { bytes: number; limit: number }>> {
    const nodes = [...new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []))];
    const summaries = await Promise.all(nodes.map(summaryOf));
    const told = new Map(
        summaries.flatMap(({ pods }) => pods.map(({ podRef, containers }) => [podRef.uid, containers])),
    );
    const known = pods.flatMap((pod) => {
        const bytes = told.get(pod.metadata?.uid ?? "")?.[0]?.memory?.rssBytes;
        return bytes === undefined ? [] : [[nameOf(pod), { bytes, limit: limitOf(pod) }] as const];
    });
    return Object.fromEntries(known);
}

async function summaryOf(name: string): Promise<Summary> {
    const { core } = await testCluster();
    const answer: unknown = await core.connectGetNodeProxyWithPath({ name, path: "stats/summary" });
    return answer as Summary; // the library says that it is a text
}

function limitOf(pod: V1Pod): number {
    return memoryBytes(`the limit of ${nameOf(pod)}`, pod.spec?.containers[0]?.resources?.limits?.memory ?? "");
}
