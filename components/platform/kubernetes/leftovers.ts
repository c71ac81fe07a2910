import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import type { Location } from "../platform";
import { KubernetesCluster } from "./cluster";
import { ownerLabels, selectorText } from "./workload";

const deadlineMs = 120_000;
const pollMs = 500;

/**
 * Removes the volume claims of a stack that was destroyed, with everything that is still in them, once its pods are gone.
 * @throws InvalidInput when they are not gone within two minutes
 */
export async function removeKubernetesClaims({ context = "", namespace = "", prefix = "" }: Location): Promise<void> {
    const cluster = await KubernetesCluster.open({ context, namespace });
    const labels = selectorText(ownerLabels(prefix));
    for (const { metadata } of await cluster.claims(labels)) await cluster.removeClaim(metadata?.name ?? "");
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const [pods, kept] = await Promise.all([cluster.pods(labels), cluster.claims(labels)]);
        if (pods.length + kept.length === 0) return;
        if (Date.now() > deadline) {
            const left = [...pods, ...kept].map(({ metadata }) => metadata?.name).join(", ");
            throw new InvalidInput(`still in the namespace ${namespace} after ${deadlineMs / 1_000} s: ${left}`);
        }
        await delay(pollMs);
    }
}
