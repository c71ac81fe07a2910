import type { types } from "@pulumi/kubernetes";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { type Port, Role } from "../platform";
import { type KubernetesWorkload, metadata, roleLabels, selectorLabels } from "./workload";

type Ingress = types.input.networking.v1.NetworkPolicyIngressRule;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** Of pods: policies are about where a packet ends, and OpenShift's DNS pods listen on another port than its Service. */
const dnsPorts = [53, 5353];
/** Where API servers listen; no policy can name them otherwise, since they are no pods. */
const apiServerPorts = [443, 6443, 8443, 16443];

/** Only who has a reason to reaches a port, and a pod reaches only what it has a reason to. */
export function networkPolicy(workload: KubernetesWorkload): NetworkPolicy {
    const { name, spec, options } = workload;
    return new NetworkPolicy(
        name,
        {
            metadata: metadata(workload, { name }),
            spec: {
                podSelector: { matchLabels: selectorLabels(workload) },
                policyTypes: ["Ingress", "Egress"],
                ingress: spec.ports.flatMap((port) => ruleFor(workload, port)),
                egress: egress(workload),
            },
        },
        options,
    );
}

const podsOf = (prefix: string, role: Role) => ({ podSelector: { matchLabels: roleLabels(prefix, role) } });
const tcp = (ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

function ruleFor({ settings }: KubernetesWorkload, { number, reachedBy }: Port): Ingress[] {
    const ports = tcp([number]);
    const { prefix, clientsFrom, metricsFrom } = settings;
    if (reachedBy === "clients") {
        return [clientsFrom.length > 0 ? { ports, from: [...clientsFrom, podsOf(prefix, Role.generator)] } : { ports }];
    }
    if (reachedBy === "operators") return metricsFrom.length > 0 ? [{ ports, from: metricsFrom }] : [];
    return [{ ports, from: [podsOf(prefix, reachedBy)] }];
}

function egress({ spec, settings }: KubernetesWorkload): Egress[] {
    const { sendsTo, looksUp } = spec;
    if (sendsTo === "anywhere") return [{}];
    return [
        // Wherever the DNS of the cluster is, on nodes too: to allow its pods alone would keep nothing from leaving by it.
        { ports: dnsPorts.flatMap((port) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }))) },
        ...(sendsTo ? [{ ports: tcp([sendsTo.port]), to: [podsOf(settings.prefix, sendsTo.role)] }] : []),
        ...(looksUp === undefined ? [] : [{ ports: tcp(apiServerPorts) }]),
    ];
}
