import type { TierIdentities, TierIdentity, TierWithIdentity } from "./certificates/identity";
import { serverNameOf } from "./certificates/names";
import { printConfig } from "./collector/config";
import { ports } from "./collector/ports";
import type { RuleId } from "./collector/rules/catalogue";
import { givenUp, refuse } from "./collector/rules/refuse";
import { topologyViolations } from "./collector/topology";
import { externalGatewayTierConfig } from "./ExternalGateway";
import { gatewayBackends, gatewayTierConfig, namedGateways } from "./GatewayTier";
import { loadBalancerTierConfig } from "./LoadBalancerTier";
import type { CollectorToValidate, Platform } from "./platform/platform";
import type { Settings } from "./settings";
import { surroundingsOf, TIER_DEFAULTS } from "./tier";
import { tierNames } from "./tierNames";

export interface CheckedTopology {
    /** The waived rules: each is broken. */
    givenUp: RuleId[];
    /** The configurations, without the backends' headers, which are texts to any collector. */
    collectors: CollectorToValidate[];
}

/**
 * Completes the three configurations as the tiers will, and looks at them together, before anything is created.
 * @throws InvalidInput that names every rule that is broken and not waived, or one that is waived and not broken
 */
export function checkTopology(settings: Settings, platform: Platform): CheckedTopology {
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
    const collectors = [
        { tier: tierNames.externalGateway, config: topology.externalGateway, image: externalGateway.image },
        { tier: tierNames.gateways, config: topology.gateway, image: gateways.image },
        { tier: tierNames.loadBalancer, config: topology.loadBalancer, image: loadBalancer.image },
    ].map(({ tier, config, image = TIER_DEFAULTS.image }) => ({ tier, image, text: printConfig(config) }));
    return { givenUp: givenUp(violations, waived), collectors };
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
