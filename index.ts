import { ExternalGateway, GatewayTier, LoadBalancerTier, TelemetryGenerator } from "./components";
import { checkTopology, tierNames } from "./components/checkTopology";
import { choosePlatform } from "./components/platform";
import { readSettings } from "./components/settings";

/** telemetry -> load balancers -> gateways -> external gateway -> backends */
async function topology() {
    const settings = await readSettings();
    const platform = await choosePlatform(settings);
    checkTopology(settings, platform);

    const externalGateway = new ExternalGateway(tierNames.externalGateway, { platform, ...settings.externalGateway });
    const gateways = new GatewayTier(tierNames.gateways, { platform, externalGateway, ...settings.gateways });
    const loadBalancer = new LoadBalancerTier(tierNames.loadBalancer, { platform, gateways, ...settings.loadBalancer });
    if (settings.generator) {
        new TelemetryGenerator(tierNames.generator, { platform, target: loadBalancer, ...settings.generator });
    }

    await platform.settled();

    return {
        platform: platform.name,
        location: platform.location,
        resolver: settings.loadBalancer.resolver,
        gateways: gateways.backends.hosts,
        grpc: loadBalancer.grpcEndpoints,
        http: loadBalancer.httpEndpoints,
        metrics: loadBalancer.metricsEndpoints,
        tap: externalGateway.tapEndpoint,
        backends: settings.externalGateway.backends?.map(({ endpoint }) => endpoint),
    };
}

// With CommonJS the language host calls what `require` gives: this must not become an `export default`.
export = topology;
