import type { types } from "@pulumi/kubernetes";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { type Port, Role } from "../platform";
import { type KubernetesWorkload, metadata, roleLabels, selectorLabels } from "./workload";

type Rule = types.input.networking.v1.NetworkPolicyIngressRule;

/** Only who has a reason to reaches a port. */
export function networkPolicy(workload: KubernetesWorkload): NetworkPolicy {
    const { name, spec, options } = workload;
    return new NetworkPolicy(
        name,
        {
            metadata: metadata(workload, { name }),
            spec: {
                podSelector: { matchLabels: selectorLabels(workload) },
                policyTypes: ["Ingress"],
                ingress: spec.ports.flatMap((port) => ruleFor(workload, port)),
            },
        },
        options,
    );
}

function ruleFor({ settings }: KubernetesWorkload, { number, reachedBy }: Port): Rule[] {
    const ports = [{ protocol: "TCP", port: number }];
    const { prefix, clientsFrom, metricsFrom } = settings;
    const podsOf = (role: Role) => ({ podSelector: { matchLabels: roleLabels(prefix, role) } });
    if (reachedBy === "clients") {
        return [clientsFrom.length > 0 ? { ports, from: [...clientsFrom, podsOf(Role.generator)] } : { ports }];
    }
    if (reachedBy === "operators") return metricsFrom.length > 0 ? [{ ports, from: metricsFrom }] : [];
    return [{ ports, from: [podsOf(reachedBy)] }];
}
