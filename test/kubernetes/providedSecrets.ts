import type { KeyPair } from "../../components/certificates/authority";
import { onStack } from "../../bench/rigs/engineStack";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { TestAuthorities } from "../support/certificates";
import { KubernetesStack } from "./stack";

export const tiers = ["load-balancer", "gateway", "external-gateway"] as const;
export type Tier = (typeof tiers)[number];

/** The Secrets of a namespace that a person provides the tiers' certificates in. */
export class ProvidedSecrets {
    readonly authorities = new TestAuthorities();

    constructor(private readonly namespace: string) {}

    serverName(tier: Tier): string {
        return `${tier}.${this.namespace}.svc`;
    }

    /** A certificate for a tier by its own authority. */
    issue(tier: Tier, forMs?: number): Promise<KeyPair> {
        return this.authorities.issue(tier, this.serverName(tier), forMs);
    }

    /** In the place of the certificate that the tier had. */
    async write(tier: Tier, { certificate, key }: KeyPair): Promise<void> {
        const { core } = await testCluster();
        const { namespace } = this;
        const name = secretOf(tier);
        const authority = await this.authorities.of(tier);
        const stringData = { "tls.crt": certificate, "tls.key": key, "ca.crt": authority.certificate };
        const body = { metadata: { name }, type: "kubernetes.io/tls", stringData };
        const { items } = await core.listNamespacedSecret({ namespace });
        if (items.some(({ metadata }) => metadata?.name === name))
            await core.replaceNamespacedSecret({ namespace, name, body });
        else await core.createNamespacedSecret({ namespace, body });
    }

    /** @returns the new certificate of each tier */
    async renew(forMs?: number): Promise<Record<Tier, KeyPair>> {
        const pairs = await Promise.all(tiers.map(async (tier) => [tier, await this.issue(tier, forMs)] as const));
        for (const [tier, pair] of pairs) await this.write(tier, pair);
        return Object.fromEntries(pairs) as Record<Tier, KeyPair>;
    }
}

const secretOf = (tier: Tier) => `${tier}-tls`;

const provided = {
    mtls: "provided",
    certificatesFrom: {
        secrets: {
            loadBalancer: secretOf("load-balancer"),
            gateway: secretOf("gateway"),
            externalGateway: secretOf("external-gateway"),
        },
    },
};

/** A stack in a namespace that was there before, where all else is provided too. */
export async function withProvided(
    settings: Record<string, unknown>,
    act: (stack: KubernetesStack, given: ProvidedSecrets) => Promise<void>,
): Promise<void> {
    const stack = await KubernetesStack.create({ createNamespace: false, ...provided, ...settings });
    const { core } = await testCluster();
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: stack.namespace, labels } } });
    try {
        await onStack(stack, () => act(stack, new ProvidedSecrets(stack.namespace)));
    } finally {
        await core.deleteNamespace({ name: stack.namespace });
    }
}
