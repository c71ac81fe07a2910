import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import { KubernetesCluster } from "./cluster";
import { nameOf } from "./objects";
import { ownerLabels, selectorText } from "./workload";

const deadlineMs = 120_000;
const pollMs = 500;

/** Where a stack was, and whose its namespace is. */
export interface StackPlace {
    context: string;
    namespace: string;
    /** Whether the stack created its namespace. */
    ownsNamespace: boolean;
}

/**
 * Removes the volume claims of a stack that was destroyed, with everything that is still in them, the Secrets that
 * cert-manager made for it, and its namespace.
 * @throws InvalidInput when they, or its pods, are not gone within two minutes
 */
export async function removeFromCluster(place: StackPlace, prefix: string): Promise<void> {
    const cluster = await KubernetesCluster.open(place);
    const owner = ownerLabels(prefix);
    const labels = selectorText(owner);
    for (const claim of await cluster.claims(labels)) await cluster.removeClaim(nameOf(claim));
    for (const secret of await cluster.secrets(labels)) await cluster.removeSecret(nameOf(secret));
    await untilGone(place, async () => [...(await cluster.pods(labels)), ...(await cluster.claims(labels))]);

    if (!place.ownsNamespace) return;
    const own = async () => {
        const found = await cluster.readNamespace();
        const isOwn = Object.entries(owner).every(([key, value]) => found?.metadata?.labels?.[key] === value);
        return found && isOwn ? [found] : [];
    };
    if ((await own()).length > 0) await cluster.removeNamespace();
    await untilGone(place, own);
}

async function untilGone(
    { namespace }: StackPlace,
    look: () => Promise<{ metadata?: { name?: string } }[]>,
): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const left = await look();
        if (left.length === 0) return;
        if (Date.now() > deadline) {
            const names = left.map(nameOf).join(", ");
            throw new InvalidInput(
                `still there after ${deadlineMs / 1_000} s, in the namespace ${namespace}: ${names}`,
            );
        }
        await delay(pollMs);
    }
}
