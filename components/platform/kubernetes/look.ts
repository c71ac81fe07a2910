import type {
    CoreV1Event,
    V1ContainerStatus,
    V1PersistentVolumeClaim,
    V1Pod,
    V1StatefulSet,
} from "@kubernetes/client-node";
import { oneLine } from "../lastWords";
import { nameOf } from "./objects";

/** One look at a StatefulSet that is not rolled out. */
export interface Look {
    set: V1StatefulSet;
    /** All of its pods, also those that are going. */
    pods: V1Pod[];
    /** Warnings since the wait began, the oldest first. */
    warnings: CoreV1Event[];
    /** The pods' volume claims, while a pod waits for one. */
    claims: V1PersistentVolumeClaim[];
    /** What it had not been able to create before the wait began, and was made to try again. */
    failedBefore: string | undefined;
    before: Before;
}

/** What was so when the wait began. */
export interface Before {
    /** How often each container had been restarted, by `containerKey`. */
    restarts: ReadonlyMap<string, number>;
    /** The containers that are not tried again for a while, by `containerKey`. */
    backedOff: ReadonlySet<string>;
    /** What each pod had been denied last, as a line of its log, by the pod's uid. */
    denied: ReadonlyMap<string, string>;
}

/** The pods that are to stay: those of the newest template. */
export function currentPods({ set, pods }: Look): V1Pod[] {
    return pods.filter(
        ({ metadata }) =>
            !metadata?.deletionTimestamp &&
            metadata?.labels?.["controller-revision-hash"] === set.status?.updateRevision,
    );
}

export const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
];

/** It runs, and is not ready. */
export const isStarting = (pod: V1Pod): boolean =>
    statusesOf(pod).some(({ state, ready }) => state?.running !== undefined && !ready);

/** Its node prepares it. */
export function isCreating(pod: V1Pod): boolean {
    const reasons = statusesOf(pod).map(({ state }) => state?.waiting?.reason ?? "");
    return pod.status?.phase === "Pending" && reasons.every((reason) => preparing.includes(reason));
}

const preparing = ["", "ContainerCreating", "PodInitializing"];

const restartsBeforeLongWaits = 4;

/** Whether Kubernetes waits longer and longer, up to five minutes, before it tries a container again. */
export function isBackedOff({ state, restartCount }: V1ContainerStatus): boolean {
    const reason = state?.waiting?.reason ?? "";
    if (reason === "CrashLoopBackOff") return restartCount >= restartsBeforeLongWaits;
    return ["ErrImagePull", "ImagePullBackOff"].includes(reason);
}

export const containerKey = ({ metadata }: V1Pod, { name }: V1ContainerStatus): string => `${metadata?.uid}/${name}`;

export const lacksPods = ({ set, pods }: Look): boolean => pods.length < (set.spec?.replicas ?? 1);

/** What a StatefulSet could not create last, and why, as told by one of these events. */
export function whyNotCreated(set: V1StatefulSet, events: CoreV1Event[]): string | undefined {
    const failed = events.findLast(
        ({ reason, involvedObject: { kind, name } }) =>
            reason === "FailedCreate" && kind === "StatefulSet" && name === nameOf(set),
    );
    const [, kind, name, why = ""] = /^create (\w+) (\S+) .*?failed error: (.*)$/s.exec(failed?.message ?? "") ?? [];
    if (!kind) return undefined;
    return `cannot create the ${kind === "Claim" ? "volume claim" : "pod"} ${name}: ${oneLine(why)}`;
}

/** What the scheduler says of a pod without a node. */
export function whyUnschedulable({ status }: V1Pod): string | undefined {
    const { reason, message = "" } = status?.conditions?.find(({ type }) => type === "PodScheduled") ?? {};
    return reason === "Unschedulable" ? message : undefined;
}

/** The warnings about a pod, in the cluster's words, the oldest first. */
export function warningsAbout({ warnings }: Look, { metadata }: V1Pod): string[] {
    return warnings
        .filter(({ involvedObject }) => involvedObject.uid === metadata?.uid)
        .map(({ message = "" }) => message);
}

/** The newest of them; "" where there is none. */
export const lastWarning = (look: Look, pod: V1Pod): string => warningsAbout(look, pod).at(-1) ?? "";
