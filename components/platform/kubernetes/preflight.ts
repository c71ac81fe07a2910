import type { V1Namespace, V1StorageClass } from "@kubernetes/client-node";
import { invalid, InvalidInput } from "../../errors";
import { ephemeral } from "./args";
import type { KubernetesCluster } from "./cluster";
import { certManager } from "./IssuedIdentity";
import { nameOf } from "./objects";
import { NotAllowed } from "./request";

/** What has to hold before anything is created. */
export interface ClusterRequirements {
    /** Whether the namespace is the stack's own, to be created and removed with it. */
    createNamespace: boolean;
    /** The class of the volumes, "" for the cluster's default; undefined where no volume is asked for. */
    storageClass: string | undefined;
    /** The label of the stack's own objects, as "key=value". */
    owner: string;
    /** Whether cert-manager is asked for certificates. */
    asksCertManager?: boolean;
}

/**
 * Looks before anything is created whether a cluster answers, and has what is asked for.
 * All is asked at once: a look costs one round trip.
 * @returns how many replicas each StatefulSet of the stack has now, by its name
 * @throws InvalidInput for the first thing that does not hold
 */
export async function preflight(
    cluster: KubernetesCluster,
    { createNamespace, storageClass, owner, asksCertManager = false }: ClusterRequirements,
): Promise<Map<string, number>> {
    const [namespace, classes, sets, hasCertManager] = await Promise.all([
        namespaceOf(cluster, createNamespace),
        storageClass === undefined ? undefined : cluster.storageClasses(),
        cluster.statefulSets(owner),
        !asksCertManager || cluster.hasKind(certManager, "Certificate"),
    ]);
    if (namespace !== "unknown") requireNamespace(cluster, namespace, createNamespace, owner);
    if (storageClass !== undefined && classes) requireStorageClass(classes, storageClass);
    if (!hasCertManager) {
        throw new InvalidInput(
            `the cluster of the context ${cluster.context} has no cert-manager: install it, or set mtls and clientTls to generated or provided`,
        );
    }
    return new Map(sets.map(({ spec, ...set }) => [nameOf(set), spec?.replicas ?? 1]));
}

/** Who may only use a namespace need not be able to look at it. */
async function namespaceOf(
    cluster: KubernetesCluster,
    createNamespace: boolean,
): Promise<V1Namespace | undefined | "unknown"> {
    try {
        return await cluster.readNamespace();
    } catch (error) {
        if (error instanceof NotAllowed && !createNamespace) return "unknown";
        throw error;
    }
}

function requireNamespace(
    { context, namespace }: KubernetesCluster,
    found: V1Namespace | undefined,
    createNamespace: boolean,
    owner: string,
): void {
    if (!found) {
        if (createNamespace) return;
        const remedy = `kubectl --context ${context} create namespace ${namespace}`;
        throw invalid(
            "namespace",
            namespace,
            `one that is there already: create it with ${remedy}, or set createNamespace to true`,
        );
    }
    if (found.metadata?.deletionTimestamp) {
        throw invalid("namespace", namespace, "one that is not being deleted: wait until it is gone, or use another");
    }
    const [key = "", value] = owner.split("=");
    if (createNamespace && found.metadata?.labels?.[key] !== value) {
        throw invalid(
            "namespace",
            namespace,
            "one that is not there yet: set createNamespace to false to use this one, which destroy then keeps",
        );
    }
}

const isDefaultClass = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
];

function requireStorageClass(classes: V1StorageClass[], wanted: string): void {
    const isThere = classes.some(({ metadata }) =>
        wanted ? metadata?.name === wanted : isDefaultClass.some((key) => metadata?.annotations?.[key] === "true"),
    );
    if (isThere) return;
    const names = [...classes.map(nameOf), ephemeral].join(", ");
    throw invalid("storageClass", wanted, wanted ? names : `${names}; this cluster has no default class`);
}
