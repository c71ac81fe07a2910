import { ports } from "./collector/ports";
import { refuse } from "./collector/rules";
import { topologyViolations } from "./collector/topology";
import { externalGatewayTierConfig } from "./ExternalGateway";
import { gatewayBackends, gatewayTierConfig, namedGateways } from "./GatewayTier";
import { loadBalancerTierConfig } from "./LoadBalancerTier";
import type { Platform } from "./platform/platform";
import type { Settings } from "./settings";

/** What the tiers are called: part of the names of all that is created. */
export const tierNames = {
    externalGateway: "external-gateway",
    gateways: "gateway",
    loadBalancer: "load-balancer",
    generator: "generator",
} as const;

/**
 * Completes the three configurations as the tiers will, and looks at them together, before anything is created.
 * @throws InvalidInput that names every rule that is broken
 */
export function checkTopology({ externalGateway, gateways, loadBalancer }: Settings, platform: Platform): void {
    const next = platform.names(tierNames.externalGateway, 1);
    const workers = platform.names(tierNames.gateways, namedGateways(gateways));
    const violations = topologyViolations({
        externalGateway: externalGatewayTierConfig({ platform, ...externalGateway }),
        gateway: gatewayTierConfig({
            platform,
            externalGateway: { endpoint: `${next.sharedHost}:${ports.otlpGrpc}` },
            ...gateways,
        }),
        loadBalancer: loadBalancerTierConfig({
            platform,
            gateways: { backends: gatewayBackends(platform, workers) },
            ...loadBalancer,
        }),
    });
    refuse("the topology", violations);
}
