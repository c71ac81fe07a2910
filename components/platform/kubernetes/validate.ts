import type { V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import { oneLine } from "../lastWords";
import type { CollectorToValidate } from "../platform";
import { tellUnvalidated, validateNew, type Verdict } from "../validation";
import type { KubernetesCluster } from "./cluster";
import { whyNoImage } from "./images";
import { whyUnschedulable } from "./look";
import { nameOf } from "./objects";
import { NotAllowed } from "./request";
import { validationJob, validationLabels, validationSecret } from "./validationJob";
import { type KubernetesSettings, selectorText } from "./workload";

const pollMs = 200;
/** For all of it: an image may have to be pulled. */
const deadlineMs = 90_000;
const noNodeMs = 10_000;
const notCreatedMs = 3_000;

/** The cluster cannot run the pod now, which says nothing about the configurations. */
class NotRun extends Error {}

/**
 * Has a throwaway pod with each image look at its configuration, in the namespace that it is to run in; where there
 * is no such namespace yet, nothing runs that could be harmed. Where the pod cannot be run that is told, and no reason to stop.
 * @throws InvalidInput in the collectors' own words, or the registry's where an image cannot be pulled
 */
export async function validate(
    cluster: KubernetesCluster,
    { pods }: Pick<KubernetesSettings, "pods">,
    collectors: CollectorToValidate[],
): Promise<void> {
    // A name is all that is known of an image before a node has it.
    const identified = collectors.map((one) => ({ ...one, identity: `${cluster.address} ${one.image}` }));
    await validateNew(identified, async (unknown) => {
        try {
            return await verdicts(cluster, unknown, pods);
        } catch (error) {
            if (!(error instanceof NotAllowed || error instanceof NotRun)) throw error;
            tellUnvalidated(unknown.map(({ tier }) => tier).join(", "), error.message);
            return [];
        }
    });
}

async function verdicts(
    cluster: KubernetesCluster,
    collectors: CollectorToValidate[],
    pods: KubernetesSettings["pods"],
): Promise<Verdict[]> {
    const job = await cluster.createJob(validationJob(`validate-${randomBytes(5).toString("hex")}`, collectors, pods));
    if (!job) return [];
    try {
        await cluster.createSecret(validationSecret(job, collectors));
        return await untilEnded(cluster, nameOf(job), collectors);
    } finally {
        await cluster.removeJob(nameOf(job)).catch(() => undefined); // it goes by itself
    }
}

async function untilEnded(
    cluster: KubernetesCluster,
    name: string,
    collectors: CollectorToValidate[],
): Promise<Verdict[]> {
    const started = Date.now();
    for (;;) {
        const [pod] = await cluster.pods(selectorText(validationLabels(name)));
        const lasted = Date.now() - started;
        const ended = collectors.flatMap(({ tier }) => endOf(pod, tier) ?? []);
        if (ended.length === collectors.length) return ended.map(verdictOf);
        if (pod) requireImages(pod, lasted);
        await requireProgress(cluster, name, pod, lasted);
        await delay(pollMs);
    }
}

interface End {
    tier: string;
    terminated: V1ContainerStateTerminated;
}

function endOf(pod: V1Pod | undefined, tier: string): End | undefined {
    const terminated = statusesIn(pod).find(({ name }) => name === tier)?.state?.terminated;
    return terminated && { tier, terminated };
}

const statusesIn = (pod: V1Pod | undefined): V1ContainerStatus[] => pod?.status?.containerStatuses ?? [];

function verdictOf({ tier, terminated: { exitCode, message = "", reason } }: End): Verdict {
    if (reason === "OOMKilled") throw new NotRun("the collector ran out of memory");
    return { tier, exitCode, said: message };
}

/** @throws InvalidInput for the first image that no other try would get */
function requireImages(pod: V1Pod, lasted: number): void {
    for (const status of statusesIn(pod)) {
        const reason = whyNoImage(pod, status, "");
        if (reason && lasted >= reason.afterMs) throw new InvalidInput(`${status.name} ${reason.told}`);
    }
}

async function requireProgress(
    cluster: KubernetesCluster,
    name: string,
    pod: V1Pod | undefined,
    lasted: number,
): Promise<void> {
    const why = pod ? whyUnschedulable(pod) : undefined;
    if (why && lasted > noNodeMs) throw new NotRun(`its pod fits on no node: ${oneLine(why)}`);
    if (!pod && lasted > notCreatedMs) {
        const events = await cluster.eventsAbout(name);
        const failed = events.findLast(({ reason }) => reason === "FailedCreate");
        if (failed?.message) throw new NotRun(oneLine(failed.message));
    }
    if (lasted > deadlineMs) throw new NotRun(`its pod had not ended after ${deadlineMs / 1_000} s`);
}
