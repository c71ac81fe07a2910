import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import { type KubernetesWorkload, metadata, selectorLabels } from "./workload";

/** A drained node takes one replica of a tier at a time; one that is broken anyway does not hold it up. */
export function disruptionBudget(workload: KubernetesWorkload): PodDisruptionBudget {
    const { name, options } = workload;
    return new PodDisruptionBudget(
        name,
        {
            metadata: metadata(workload, { name }),
            spec: {
                maxUnavailable: 1,
                unhealthyPodEvictionPolicy: "AlwaysAllow",
                selector: { matchLabels: selectorLabels(workload) },
            },
        },
        options,
    );
}
