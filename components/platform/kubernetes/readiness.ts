import type { V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import { refreshCommand } from "../remedies";
import { type Cause, causesIn } from "./causes";
import type { KubernetesCluster } from "./cluster";
import { lastDenial } from "./denial";
import {
    type Before,
    containerKey,
    isBackedOff,
    isStarting,
    lacksPods,
    type Look,
    statusesOf,
    whyNotCreated,
} from "./look";
import { nameOf } from "./objects";
import { ifAllowed, NoAnswer } from "./request";
import { allowedMs, whatIsKnown } from "./stall";

/** How often and how long a rollout is watched, in milliseconds, and by which clock. */
export interface Watch {
    /** Between two looks at the StatefulSet. */
    pollMs: number;
    /** At least between two looks at its pods and their events. */
    lookMs: number;
    now(): number;
    sleep(milliseconds: number): Promise<void>;
}

const realTime: Watch = {
    pollMs: 500,
    lookMs: 1_000,
    now: () => Date.now(),
    sleep: async (milliseconds) => void (await delay(milliseconds)),
};

/** A StatefulSet to wait for. */
export interface WatchedSet {
    name: string;
    /** Of its pods. */
    labelSelector: string;
    /** How many replicas an autoscaler is going to give it at least; without one, as many as it has. */
    least?: number;
    /** How many it was asked to have; without it, as many as it has. */
    exactly?: number;
}

/**
 * Waits until every replica of a StatefulSet has its current template and has been ready for its minReadySeconds. It
 * may take as long as it goes on.
 * @param tell gets how far it is, such as "3 of 5 ready", when that has changed; nothing when there is nothing to wait for
 * @throws InvalidInput with the cause, when there is one that does not pass or nothing has changed for 100 seconds
 */
export async function untilRolledOut(
    cluster: KubernetesCluster,
    { name, labelSelector, least = 0, exactly }: WatchedSet,
    tell: (text: string) => void,
    watch: Watch = realTime,
): Promise<void> {
    const rollout = new Rollout(cluster, name, labelSelector, watch);
    let told: string | undefined;
    const report = (set: V1StatefulSet) => {
        const text = progress(set);
        if (text !== told) tell(text);
        told = text;
    };
    for (;;) {
        const set = await rollout.read();
        requireNumber(set, exactly);
        if (set && (set.spec?.replicas ?? 1) >= least && isRolledOut(set))
            return told === undefined ? undefined : report(set);
        if (set && isObserved(set)) report(set);
        await rollout.examine(set);
        await watch.sleep(watch.pollMs);
    }
}

/** @throws InvalidInput when somebody else has scaled it */
function requireNumber(set: V1StatefulSet | undefined, wanted: number | undefined): void {
    const has = set?.spec?.replicas;
    if (!set || has === undefined || wanted === undefined || has === wanted) return;
    const remedy = `bring them back with: ${refreshCommand()}, or set scaledBy to external`;
    throw new InvalidInput(`${nameOf(set)} was scaled by hand, to ${has} replicas instead of ${wanted}; ${remedy}`);
}

function isRolledOut(set: V1StatefulSet): boolean {
    const { spec, status } = set;
    if (!status || !isObserved(set)) return false;
    const wanted = spec?.replicas ?? 1;
    const counts = [status.replicas, status.updatedReplicas ?? 0, settledReplicas(set)];
    return counts.every((count) => count === wanted) && (!wanted || status.currentRevision === status.updateRevision);
}

/** Nobody has noticed anything yet of a StatefulSet that has only just been made: its replicas need not settle. */
function settledReplicas({ metadata, status }: V1StatefulSet): number {
    return (metadata?.generation === 1 ? status?.readyReplicas : status?.availableReplicas) ?? 0;
}

/** The status counts those that are new and those that are ready, and not those that are both. */
function progress(set: V1StatefulSet): string {
    const wanted = set.spec?.replicas ?? 1;
    const { replicas = 0, updatedReplicas = 0 } = set.status ?? {};
    const ready = Math.min(Math.max(updatedReplicas + settledReplicas(set) - replicas, 0), wanted);
    return `${ready} of ${wanted} ready`;
}

const retryMs = 2_000;

/** What is known of a StatefulSet while it is not rolled out. */
class Rollout {
    private readonly began: Date;
    private progressAt: number;
    private lookedAt = -Infinity;
    private look: Look | undefined;
    private silence: NoAnswer | undefined;
    private failedBefore: string | undefined;
    /** Every state that it was in: one that comes again is no progress. */
    private readonly states = new Set<string>();
    /** When each cause that is there now was seen first. */
    private since = new Map<string, number>();

    constructor(
        private readonly cluster: KubernetesCluster,
        private readonly name: string,
        private readonly labelSelector: string,
        private readonly watch: Watch,
    ) {
        this.progressAt = watch.now();
        this.began = new Date(watch.now());
    }

    /** @returns undefined when the API server does not answer just now */
    async read(): Promise<V1StatefulSet | undefined> {
        const [set] = (await this.answered(async () => [await this.cluster.statefulSet(this.name)])) ?? [];
        if (!this.silence && (!set || set.metadata?.deletionTimestamp)) {
            throw new InvalidInput(`${this.name} was removed by hand; bring it back with: ${refreshCommand()}`);
        }
        return set;
    }

    /** @throws InvalidInput with what keeps it from going on */
    async examine(set: V1StatefulSet | undefined): Promise<void> {
        const now = this.watch.now();
        if (set && now - this.lookedAt >= this.watch.lookMs) {
            this.lookedAt = now;
            this.look = (await this.answered(() => this.lookAt(set))) ?? this.look;
            if (this.look) await this.judge(this.look);
        }
        const stalledMs = this.watch.now() - this.progressAt;
        if (stalledMs < allowedMs(this.look)) return;
        throw this.silence ?? new InvalidInput(await whatIsKnown(this.cluster, this.name, this.look, stalledMs));
    }

    private async judge(look: Look): Promise<void> {
        const now = this.watch.now();
        const state = stateOf(look);
        if (!this.states.has(state)) this.progressAt = now;
        this.states.add(state);
        const causes = isObserved(look.set) ? causesIn(look, this.cluster) : [];
        this.since = new Map(causes.map(({ key }) => [key, this.since.get(key) ?? now]));
        const lasting = causes.filter(({ key, afterMs }) => now - (this.since.get(key) ?? now) >= afterMs);
        const sentence = await this.answered(() => firstSentence(lasting));
        if (sentence) throw new InvalidInput(sentence);
        await this.answered(() => this.retryCreation(look));
    }

    /** What kept pods from being created before may have been put right, which Kubernetes notices late. */
    private async retryCreation(look: Look): Promise<void> {
        const isDue = this.watch.now() - this.began.getTime() >= retryMs;
        if (this.failedBefore || !isDue || !lacksPods(look) || whyNotCreated(look.set, look.warnings)) return;
        const failed = whyNotCreated(look.set, await ifAllowed(this.cluster.eventsAbout(this.name), []));
        if (failed) await ifAllowed(this.cluster.retry(this.name), undefined);
        this.failedBefore = failed;
    }

    private async lookAt(set: V1StatefulSet): Promise<Look> {
        const [pods, warnings] = await Promise.all([
            ifAllowed(this.cluster.pods(this.labelSelector), []),
            ifAllowed(this.cluster.warnings(this.began), []),
        ]);
        const waits = pods.some(({ status }) => status?.phase === "Pending");
        const claims = waits ? await ifAllowed(this.cluster.claims(this.labelSelector), []) : [];
        const before = this.look?.before ?? (await this.stateBefore(pods));
        return { set, pods, warnings, claims, failedBefore: this.failedBefore, before };
    }

    private async stateBefore(pods: V1Pod[]): Promise<Before> {
        const containers = pods.flatMap((pod) =>
            statusesOf(pod).map((status) => ({ key: containerKey(pod, status), status })),
        );
        return {
            restarts: new Map(containers.map(({ key, status }) => [key, status.restartCount])),
            backedOff: new Set(containers.filter(({ status }) => isBackedOff(status)).map(({ key }) => key)),
            denied: await this.denials(pods),
        };
    }

    private async denials(pods: V1Pod[]): Promise<Map<string, string>> {
        const logs = pods.filter(isStarting).map(async (pod): Promise<[string, string]> => {
            const log = await ifAllowed(this.cluster.log(nameOf(pod)), "");
            return [pod.metadata?.uid ?? "", lastDenial(log)?.line ?? ""];
        });
        return new Map(await Promise.all(logs));
    }

    /** @returns undefined when the API server does not answer just now: a rollout outlives that */
    private async answered<T>(ask: () => Promise<T>): Promise<T | undefined> {
        try {
            const found = await ask();
            this.silence = undefined;
            return found;
        } catch (error) {
            if (!(error instanceof NoAnswer)) throw error;
            this.silence = error;
            return undefined;
        }
    }
}

async function firstSentence(causes: Cause[]): Promise<string | undefined> {
    for (const cause of causes) {
        const told = await cause.sentence();
        if (told) return told;
    }
    return undefined;
}

const isObserved = ({ metadata, status }: V1StatefulSet): boolean =>
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);

function stateOf({ set: { status }, pods }: Look): string {
    const counts = [status?.replicas, status?.updatedReplicas, status?.readyReplicas, status?.availableReplicas];
    const phases = pods.map((pod) => [
        pod.metadata?.uid,
        pod.status?.phase,
        pod.metadata?.deletionTimestamp !== undefined,
        ...statusesOf(pod).map(({ started, ready }) => [started, ready]),
    ]);
    return JSON.stringify([counts, phases]);
}
