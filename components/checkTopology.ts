import type { TierIdentities, TierIdentity, TierWithIdentity } from "./certificates/identity";
import { serverNameOf } from "./certificates/names";
import { ports } from "./collector/ports";
import type { RuleId } from "./collector/rules/catalogue";
import { givenUp, refuse } from "./collector/rules/refuse";
import { topologyViolations } from "./collector/topology";
import { externalGatewayTierConfig } from "./ExternalGateway";
import { gatewayBackends, gatewayTierConfig, namedGateways } from "./GatewayTier";
import { loadBalancerTierConfig } from "./LoadBalancerTier";
import type { Platform } from "./platform/platform";
import type { Settings } from "./settings";
import { surroundingsOf } from "./tier";
import { tierNames } from "./tierNames";

/**
 * Completes the three configurations as the tiers will, and looks at them together, before anything is created.
 * @returns the waived rules: each is broken
 * @throws InvalidInput that names every rule that is broken and not waived, or one that is waived and not broken
 */
export function checkTopology(settings: Settings, platform: Platform): RuleId[] {
    const { externalGateway, gateways, loadBalancer, waived } = settings;
    const common = { platform, identities: namesAlone(settings, platform) };
    const next = platform.names(tierNames.externalGateway, 1);
    const workers = platform.names(tierNames.gateways, namedGateways(gateways));
    const topology = {
        externalGateway: externalGatewayTierConfig({ ...common, ...externalGateway }),
        gateway: gatewayTierConfig({
            ...common,
            externalGateway: { endpoint: `${next.sharedHost}:${ports.otlpGrpc}` },
            ...gateways,
        }),
        loadBalancer: loadBalancerTierConfig({
            ...common,
            servingIdentity: settings.ingress.source === "off" ? undefined : { certificate: "", key: "" },
            gateways: { backends: gatewayBackends(platform, workers) },
            ...loadBalancer,
        }),
    };
    const violations = topologyViolations(topology, surroundingsOf(common, loadBalancer.bindAddress));
    refuse("the topology", violations, waived);
    return givenUp(violations, waived);
}

/** Of the identities that the tiers will have, what their configurations say. */
function namesAlone({ identities: { source } }: Settings, platform: Platform): TierIdentities | undefined {
    if (source === "off") return undefined;
    const named = (tier: TierWithIdentity): TierIdentity => {
        return { serverName: serverNameOf(platform, tier), certificate: "", key: "", authority: "" };
    };
    return {
        loadBalancer: named("loadBalancer"),
        gateway: named("gateway"),
        externalGateway: named("externalGateway"),
    };
}
