import type { V1Pod } from "@kubernetes/client-node";
import { causesIn } from "./causes";
import type { KubernetesCluster } from "./cluster";
import { lastWords, oneLine } from "../lastWords";
import { currentPods, isCreating, isStarting, lastWarning, type Look, statusesOf, whyUnschedulable } from "./look";
import { missingSecret } from "./missingSecret";
import { isReady, nameOf } from "./objects";
import { ifAllowed } from "./request";

/** How long a rollout may be without any progress when nothing is known to take its time. */
const stallMs = 100_000;
/** How long a pod may take to get a node, its volumes and its image; of these nothing is to be seen. */
const creationMs = 600_000;

/** How long a rollout may now be without any progress, in milliseconds. */
export function allowedMs(look: Look | undefined): number {
    if (!look) return stallMs;
    const { set, pods } = look;
    const current = currentPods(look);
    const startMs = current.filter(isStarting).map(startAllowedMs);
    const stopMs = pods
        .filter(({ metadata }) => metadata?.deletionTimestamp)
        .map(({ metadata }) => (metadata?.deletionGracePeriodSeconds ?? 0) * 1_000);
    const isBeingCreated = current.some(
        (pod) =>
            whyUnschedulable(pod) !== undefined ||
            (isCreating(pod) && !lastWarning(look, pod)) ||
            missingSecret(look, pod) !== undefined,
    );
    const settleMs = (set.spec?.minReadySeconds ?? 0) * 1_000;
    return Math.max(isBeingCreated ? creationMs : 0, stallMs + settleMs + Math.max(0, ...startMs, ...stopMs));
}

/** What the startup probe allows, until the container is started. */
function startAllowedMs(pod: V1Pod): number {
    const waits = (pod.spec?.containers ?? []).map(({ name, startupProbe }) => {
        const started = statusesOf(pod).find((status) => status.name === name)?.started ?? false;
        if (!startupProbe || started) return 0;
        const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = startupProbe;
        return (initialDelaySeconds + periodSeconds * failureThreshold) * 1_000;
    });
    return Math.max(0, ...waits);
}

/** The best that can be said of a rollout that does not go on, as one sentence. */
export async function whatIsKnown(
    cluster: KubernetesCluster,
    name: string,
    look: Look | undefined,
    stalledMs: number,
): Promise<string> {
    const seconds = Math.round(stalledMs / 1_000);
    if (!look) return `${name} was not rolled out within ${seconds} s`;
    for (const cause of causesIn(look, cluster)) {
        const sentence = await cause.sentence();
        if (sentence) return sentence;
    }
    const unready = currentPods(look).find((pod) => !isReady(pod));
    if (unready) {
        return `${nameOf(unready)} was not ready within ${seconds} s: ${await whyNotReady(cluster, look, unready)}`;
    }
    const going = look.pods.find(({ metadata }) => metadata?.deletionTimestamp);
    if (going) return `${nameOf(going)} was told to stop and is still there after ${seconds} s`;
    const { status, spec } = look.set;
    return `${name} was not rolled out within ${seconds} s: ${status?.updatedReplicas ?? 0} of ${spec?.replicas ?? 1} replicas have its newest template`;
}

async function whyNotReady(cluster: KubernetesCluster, look: Look, pod: V1Pod): Promise<string> {
    const words = isStarting(pod) ? lastWords(await ifAllowed(cluster.log(nameOf(pod)), "")) : "";
    if (words) return words;
    const waiting = statusesOf(pod).find(({ state }) => state?.waiting)?.state?.waiting;
    const said = lastWarning(look, pod) || waiting?.message || waiting?.reason || "it said nothing";
    return oneLine(said);
}
