import type {
    V1LabelSelector,
    V1NetworkPolicy,
    V1NetworkPolicyPeer,
    V1NetworkPolicyPort,
} from "@kubernetes/client-node";

/** One end of a connection: a pod of the policies' namespace, or, without labels, whoever is none of its pods. */
export interface End {
    labels?: Record<string, string>;
}

type Protocol = "TCP" | "UDP";

/**
 * Whether a cluster that enforces policies lets a connection through: both the policies of the pod that opens it and
 * those of the pod that it ends at have to.
 */
export function lets(
    policies: V1NetworkPolicy[],
    from: End,
    to: End,
    port: number,
    protocol: Protocol = "TCP",
): boolean {
    const out = rulesFor(policies, from, "Egress").map(({ to: peers, ports }) => ({ peers, ports }));
    const into = rulesFor(policies, to, "Ingress").map(({ from: peers, ports }) => ({ peers, ports }));
    return isOpen(out, to, port, protocol) && isOpen(into, from, port, protocol);
}

interface Rule {
    from?: V1NetworkPolicyPeer[];
    to?: V1NetworkPolicyPeer[];
    ports?: V1NetworkPolicyPort[];
}

interface OneWay {
    peers?: V1NetworkPolicyPeer[];
    ports?: V1NetworkPolicyPort[];
}

const everything: Rule = {};

/** Whom no policy selects, everything is open to. */
function rulesFor(policies: V1NetworkPolicy[], { labels }: End, type: "Ingress" | "Egress"): Rule[] {
    const own = policies.filter(
        ({ spec }) => labels && spec?.policyTypes?.includes(type) && selects(spec.podSelector, labels),
    );
    if (own.length === 0) return [everything];
    return own.flatMap(({ spec }) => (type === "Ingress" ? spec?.ingress : spec?.egress) ?? []);
}

function isOpen(rules: OneWay[], { labels }: End, port: number, protocol: Protocol): boolean {
    return rules.some(({ peers, ports }) => {
        const isPeer = !peers || peers.some(({ podSelector }) => labels && podSelector && selects(podSelector, labels));
        const isPort = !ports || ports.some((one) => one.port === port && (one.protocol ?? "TCP") === protocol);
        return isPeer && isPort;
    });
}

const selects = ({ matchLabels = {} }: V1LabelSelector = {}, labels: Record<string, string>): boolean =>
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
