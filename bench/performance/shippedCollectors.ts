import { tierNames } from "../../components/tierNames";
import { type Config, mergeConfig, printConfig } from "../../components/collector/config";
import { durableFolder } from "../../components/collector/volume";
import { ports } from "../../components/collector/ports";
import { externalGatewayTierConfig } from "../../components/ExternalGateway";
import { gatewayBackends, gatewayTierConfig } from "../../components/GatewayTier";
import { loadBalancerTierConfig } from "../../components/LoadBalancerTier";
import { DockerPlatform } from "../../components/platform/docker";
import { collectorSpec } from "../../components/tier";
import type { CollectorSpec } from "../rigs/containers";
import type { Tier } from "../rigs/rig";

/** What is different from what is shipped: configuration laid over it, and variables of the environment. */
export interface Variation {
    configs?: Partial<Record<Tier, Config>>;
    environment?: Record<string, string>;
}

/** What a tier's collectors are given. */
export interface CollectorInputs {
    config: Config;
    environment: Record<string, string>;
    memoryBytes: number;
}

/**
 * What `npm start` gives to the collectors of each tier without mTLS, with a variation over it that no rule of custody is
 * asked about: what they refuse may be measured too.
 */
export function inputsOf(backend: string, { configs = {}, environment }: Variation): Record<Tier, CollectorInputs> {
    const platform = new DockerPlatform({ prefix: "bench" });
    const next = platform.names(tierNames.externalGateway, 1);
    const backends = gatewayBackends(platform, platform.names(tierNames.gateways, 3));
    const externalGateway = { endpoint: `${next.sharedHost}:${ports.otlpGrpc}` };
    const shipped: Record<Tier, Config> = {
        "external-gateway": externalGatewayTierConfig({ platform, backends: [{ endpoint: backend }] }),
        gateway: gatewayTierConfig({ platform, externalGateway }),
        "load-balancer": loadBalancerTierConfig({ platform, gateways: { backends } }),
    };
    const inputs = (tier: Tier): CollectorInputs => {
        const { resources, environment: given } = collectorSpec(tier, { platform }, shipped[tier], 0);
        return {
            config: mergeConfig(shipped[tier], configs[tier] ?? {}),
            environment: { ...given, ...environment },
            memoryBytes: resources.memoryBytes,
        };
    };
    return {
        "external-gateway": inputs("external-gateway"),
        gateway: inputs("gateway"),
        "load-balancer": inputs("load-balancer"),
    };
}

/** The same as plain containers: one lb, three gateways and the external gateway, in the order in which they start. */
export function variedCollectors(backend: string, variation: Variation): CollectorSpec[] {
    const inputs = inputsOf(backend, variation);
    const collector = (tier: Tier, index: number): CollectorSpec => {
        const { config, environment, memoryBytes } = inputs[tier];
        const storage = tier === "gateway" ? undefined : durableFolder;
        return {
            name: `${tier}-${index}`,
            alias: tier,
            config: printConfig(config),
            environment,
            memoryBytes,
            storage,
        };
    };
    return [
        collector("external-gateway", 1),
        ...[1, 2, 3].map((index) => collector("gateway", index)),
        collector("load-balancer", 1),
    ];
}
