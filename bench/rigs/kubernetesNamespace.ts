import { testCluster } from "./kubernetesCluster";
import { until } from "./kubernetesUntil";

const goneMs = 60_000;

/** Removes a namespace with all that is in it; resolves once it is gone, and at once where there is none. */
export function removeNamespace(name: string): Promise<void> {
    return until(`end of the namespace ${name}`, () => isGone(name), goneMs);
}

async function isGone(name: string): Promise<boolean> {
    const { core } = await testCluster();
    try {
        await core.deleteNamespace({ name });
        return false;
    } catch (error) {
        const { code } = error as { code?: number };
        const isBeingRemoved = code === 409;
        if (code !== 404 && !isBeingRemoved) throw error;
        return !isBeingRemoved;
    }
}
