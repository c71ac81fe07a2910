import type { V1Pod } from "@kubernetes/client-node";
import { oneLine } from "../lastWords";
import type { Cause } from "./causes";
import type { KubernetesCluster } from "./cluster";
import { certManager } from "./IssuedIdentity";
import { isCreating, type Look, warningsAbout } from "./look";
import { nameOf } from "./objects";
import { ifAllowed } from "./request";

/** Where nobody is about to make it. */
const absentMs = 30_000;
/** What cert-manager may take: it signs in seconds, and has its own queue, approvals and issuers to ask. */
const issuingMs = 180_000;

/** A Secret that a pod cannot be created without, in the words of its kubelet. */
export function missingSecret(look: Look, pod: V1Pod): string | undefined {
    if (!isCreating(pod)) return undefined;
    return warningsAbout(look, pod)
        .map((warning) => /secret "([^"]+)" not found/.exec(warning)?.[1])
        .findLast(Boolean);
}

/** One that is not there, or that cert-manager does not make. */
export function waitsForSecret(look: Look, pod: V1Pod, cluster: KubernetesCluster): Cause[] {
    const name = missingSecret(look, pod);
    if (!name) return [];
    const cause = (what: string, afterMs: number, sentence: Cause["sentence"]) => ({
        key: `${what} ${name} ${pod.metadata?.uid}`,
        afterMs,
        // A kubelet looks again after up to two minutes.
        sentence: async () => (isThere(await cluster.secret(name)) ? undefined : sentence()),
    });
    return [
        cause("no Secret", absentMs, async () => {
            if (await certificateFor(name, cluster)) return undefined;
            return `${nameOf(pod)} waits for the Secret ${name}, which is not in the namespace ${cluster.namespace}: create it`;
        }),
        cause("no Certificate", issuingMs, async () => {
            const certificate = await certificateFor(name, cluster);
            if (!certificate) return undefined;
            const since = `${nameOf(pod)} waits for the Secret ${name}, which cert-manager has not made in ${issuingMs / 1_000} s`;
            return `${since} from the Certificate ${name} in the namespace ${cluster.namespace}: ${whatItSays(certificate)}`;
        }),
    ];
}

const isThere = (secret: object | "unknown" | undefined) => secret !== undefined && secret !== "unknown";

interface Certificate {
    status?: { conditions?: { type: string; message?: string }[] };
}

/** A Certificate has the name of its Secret. @returns one that says nothing when this user may not look */
async function certificateFor(secret: string, cluster: KubernetesCluster): Promise<Certificate | undefined> {
    const found = cluster.customObject(certManager, "certificates", secret) as Promise<Certificate | undefined>;
    return ifAllowed(found, {});
}

function whatItSays({ status }: Certificate): string {
    const messages = (status?.conditions ?? []).map(({ message = "" }) => message).filter(Boolean);
    return oneLine(messages.join("; ")) || "it says nothing: look whether cert-manager runs";
}
