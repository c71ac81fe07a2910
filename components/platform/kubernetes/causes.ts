import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { lastWords, oneLine } from "../lastWords";
import { Role } from "../platform";
import { refreshCommand } from "../remedies";
import type { KubernetesCluster } from "./cluster";
import { lastDenial } from "./denial";
import { passing, passingMs, whyNoImage } from "./images";
import {
    containerKey,
    currentPods,
    isStarting,
    lacksPods,
    lastWarning,
    type Look,
    statusesOf,
    whyNotCreated,
    whyUnschedulable,
} from "./look";
import { waitsForSecret } from "./missingSecret";
import { nameOf } from "./objects";
import { ifAllowed } from "./request";

/** What keeps a rollout from going on. */
export interface Cause {
    /** The same at every look as long as it is the same cause. */
    key: string;
    /** How long it has to last to be no blip. */
    afterMs: number;
    /** @returns one sentence; undefined when it is no cause after all */
    sentence: () => Promise<string | undefined>;
}

const containerErrorMs = 10_000;
const deniedMs = 20_000;
const claimMs = 30_000;
const noNodeMs = 60_000;
/** The scheduler looks again after five minutes at what it was not told of, as of a claim that is bound meanwhile. */
const unboundMs = 330_000;
const notCreatedMs = 5_000;

/** Every known cause in a look, the most telling first. */
export function causesIn(look: Look, cluster: KubernetesCluster): Cause[] {
    const pods = currentPods(look);
    return [
        ...notCreated(look),
        ...pods.flatMap((pod) => [
            ...statusesOf(pod).flatMap((status) => containerCauses(look, pod, status, cluster)),
            ...waitsForVolume(look, pod, cluster),
            ...waitsForSecret(look, pod, cluster),
            ...fitsOnNoNode(pod, cluster),
        ]),
        ...pods
            .filter(isStarting)
            .slice(0, 1)
            .map((pod) => isDenied(look, pod, cluster)),
    ];
}

function containerCauses(look: Look, pod: V1Pod, status: V1ContainerStatus, cluster: KubernetesCluster): Cause[] {
    const { reason = "", message = "" } = status.state?.waiting ?? {};
    const key = containerKey(pod, status);
    const again = look.before.backedOff.has(key) ? tryAgain(cluster, pod) : "";
    const cause = (what: string, afterMs: number, sentence: () => Promise<string>) => [
        { key: `${what} ${key}`, afterMs, sentence: async () => (await sentence()) + again },
    ];
    const before = look.before.restarts.get(key) ?? 0;
    if (reason === "CrashLoopBackOff" || status.restartCount - before >= 2) {
        return cause("crash", 0, () => crashed(pod, status, cluster));
    }
    const noImage = whyNoImage(pod, status, lastWarning(look, pod));
    if (noImage) return cause("image", noImage.afterMs, () => Promise.resolve(`${nameOf(pod)} ${noImage.told}`));
    switch (reason) {
        case "CreateContainerConfigError":
        case "CreateContainerError":
        case "RunContainerError":
            return cause("start", containerErrorMs, () =>
                Promise.resolve(`${nameOf(pod)} cannot start its container: ${oneLine(message)}`),
            );
        default:
            return [];
    }
}

const tryAgain = ({ context, namespace }: KubernetesCluster, pod: V1Pod): string =>
    `; once that is put right, have it try again: kubectl --context ${context} -n ${namespace} delete pod ${nameOf(pod)}`;

const memorySettings: Record<string, string | undefined> = {
    [Role.loadBalancer]: "loadBalancerMemory",
    [Role.gateway]: "gatewayMemory",
    [Role.externalGateway]: "externalGatewayMemory",
};

async function crashed(pod: V1Pod, status: V1ContainerStatus, cluster: KubernetesCluster): Promise<string> {
    const { name: container } = status;
    const ended = status.lastState?.terminated ?? status.state?.terminated;
    if (ended?.reason === "OOMKilled") {
        const limit = pod.spec?.containers.find(({ name }) => name === container)?.resources?.limits?.memory;
        const setting = memorySettings[container] ?? "its memory limit";
        return `${nameOf(pod)} does not stay up: it used more memory than its limit of ${limit} (OOMKilled): raise ${setting}`;
    }
    const log = await ifAllowed(cluster.log(nameOf(pod), { previous: true, container }), "");
    const words = lastWords(log) || oneLine(ended?.message ?? "");
    return `${nameOf(pod)} does not stay up: ${words ? withHint(words) : `it said nothing and ended with ${ended?.exitCode}`}`;
}

function withHint(words: string): string {
    if (!words.includes("permission denied")) return words;
    return `${words} (its user may not write to its volume: use a storage class whose volumes can belong to a group, or ephemeral)`;
}

/** A pod that waits for its Role may run for long, and may have waited long before it got it. */
function isDenied({ before }: Look, pod: V1Pod, cluster: KubernetesCluster): Cause {
    return {
        key: `starting ${pod.metadata?.uid}`,
        afterMs: deniedMs,
        sentence: async () => {
            const denial = lastDenial(await ifAllowed(cluster.log(nameOf(pod)), ""));
            if (!denial || denial.line === before.denied.get(pod.metadata?.uid ?? "")) return undefined;
            return `${nameOf(pod)} is not ready: ${denial.told}; bring its Role back with: ${refreshCommand()}, or allow it`;
        },
    };
}

function notCreated(look: Look): Cause[] {
    const why = lacksPods(look) ? (whyNotCreated(look.set, look.warnings) ?? look.failedBefore) : undefined;
    if (!why) return [];
    const afterMs = passing.test(why) ? passingMs : notCreatedMs;
    return [{ key: "not created", afterMs, sentence: () => Promise.resolve(`${nameOf(look.set)} ${why}`) }];
}

function waitsForVolume({ claims }: Look, pod: V1Pod, cluster: KubernetesCluster): Cause[] {
    const names = (pod.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
    const waiting = claims.filter((claim) => names.includes(nameOf(claim)) && claim.status?.phase === "Pending");
    return waiting.map((claim) => ({
        key: `claim ${claim.metadata?.uid}`,
        afterMs: claimMs,
        sentence: async () => {
            const events = await ifAllowed(cluster.eventsAbout(nameOf(claim)), []);
            // Without either the claim may only wait for the pod, as the pod for something else.
            const failed = events.findLast(({ reason = "" }) =>
                ["ProvisioningFailed", "FailedBinding"].includes(reason),
            );
            if (!failed?.message) return undefined;
            return `${nameOf(pod)} gets no volume for ${nameOf(claim)}: ${oneLine(failed.message)}`;
        },
    }));
}

/** As the two scalers of nodes call what they do for a pod. */
const nodeIsComing = ["TriggeredScaleUp", "Nominated"];

function fitsOnNoNode(pod: V1Pod, cluster: KubernetesCluster): Cause[] {
    const message = whyUnschedulable(pod);
    if (message === undefined) return [];
    return [
        {
            key: `Unschedulable ${pod.metadata?.uid}`,
            afterMs: message.includes("unbound immediate PersistentVolumeClaims") ? unboundMs : noNodeMs,
            sentence: async () => {
                const events = await ifAllowed(cluster.eventsAbout(nameOf(pod)), []);
                if (events.some(({ reason = "" }) => nodeIsComing.includes(reason))) return undefined;
                const [why = ""] = message.split(/\.? (?:preemption:|no new claims to deallocate)/);
                return `${nameOf(pod)} fits on no node: ${oneLine(why).replace(/[.,]$/, "")}`;
            },
        },
    ];
}
