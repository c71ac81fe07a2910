import { printConfig } from "../../components/collector/config";
import { tierNames } from "../../components/tierNames";
import { externalGatewayTierConfig } from "../../components/ExternalGateway";
import { gatewayBackends, gatewayTierConfig } from "../../components/GatewayTier";
import { loadBalancerTierConfig } from "../../components/LoadBalancerTier";
import { namedIdentities } from "./identities";
import { offlineDocker } from "./dockerResources";
import { settingsWith } from "./stackSettings";

/** The texts that the three tiers of a stack would be given, by the tier's name; headers included. */
export function renderedConfigs(keys: Record<string, unknown>): Record<string, string> {
    const platform = offlineDocker();
    const { externalGateway, gateways, loadBalancer, identities, ingress } = settingsWith(keys);
    const common = { platform, identities: identities.source === "off" ? undefined : namedIdentities(platform) };
    const next = platform.names(tierNames.externalGateway, 1);
    const workers = platform.names(tierNames.gateways, gateways.replicas ?? 1);
    const headers = (externalGateway.backends ?? []).map(
        (backend) => (backend.headers ?? {}) as Record<string, string>,
    );
    return {
        [tierNames.externalGateway]: printConfig(externalGatewayTierConfig({ ...common, ...externalGateway }, headers)),
        [tierNames.gateways]: printConfig(
            gatewayTierConfig({ ...common, externalGateway: { endpoint: `${next.sharedHost}:4317` }, ...gateways }),
        ),
        [tierNames.loadBalancer]: printConfig(
            loadBalancerTierConfig({
                ...common,
                servingIdentity: ingress.source === "off" ? undefined : { certificate: "", key: "" },
                gateways: { backends: gatewayBackends(platform, workers) },
                ...loadBalancer,
            }),
        ),
    };
}

/** The stacks whose configurations are kept in test/golden, by the name that their files begin with. */
export const goldenStacks: Record<string, Record<string, unknown>> = {
    "dev-defaults": {},
    dns: { resolver: "dns" },
    "two-backends": {
        backends: [
            { endpoint: "https://otlp.example.com:4317", headers: { "api-key": "SECRET" } },
            { endpoint: "http://jaeger:4318", protocol: "http", signals: ["traces"] },
        ],
    },
    "plain-text": { mtls: "off" },
    "closed-ingress": { clientTls: "generated", clientTokens: ["SECRET-SECRET-SECRET"] },
    "routing-attributes": { routingKey: "attributes", routingAttributes: ["tenant.id", "deployment.environment"] },
};

/** Every golden file with the stack and the tier that it is rendered from. */
export const goldenFiles = Object.entries(goldenStacks).flatMap(([stack, keys]) =>
    [tierNames.externalGateway, tierNames.gateways, tierNames.loadBalancer].map((tier) => ({
        file: `${stack}.${tier}.yaml`,
        render: () => renderedConfigs(keys)[tier] ?? "",
    })),
);
