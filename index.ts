import * as pulumi from "@pulumi/pulumi";
import { ExternalGateway, GatewayTier, LoadBalancerTier, TelemetryGenerator } from "./components";
import { checkCertificates, clientAccess, servingIdentity, tierIdentities } from "./components/certificates";
import { givenUpText } from "./components/collector/rules/refuse";
import { checkTopology } from "./components/checkTopology";
import { choosePlatform } from "./components/platform";
import { readSettings } from "./components/settings";
import { tierNames } from "./components/tierNames";

/** telemetry -> load balancers -> gateways -> external gateway -> backends */
async function topology() {
    const settings = await readSettings();
    const platform = await choosePlatform(settings);
    const { givenUp, collectors } = checkTopology(settings, platform);
    const waived = givenUp.map(givenUpText);
    await Promise.all(waived.map((text) => pulumi.log.warn(`waived, and given up: ${text}`)));
    await checkCertificates(settings, platform);
    await platform.validate(collectors);

    const common = { platform, identities: tierIdentities(settings.identities, platform) };
    const serving = servingIdentity(settings.ingress, platform);
    const externalGateway = new ExternalGateway(tierNames.externalGateway, { ...common, ...settings.externalGateway });
    const gateways = new GatewayTier(tierNames.gateways, { ...common, externalGateway, ...settings.gateways });
    const loadBalancer = new LoadBalancerTier(tierNames.loadBalancer, {
        ...common,
        gateways,
        servingIdentity: serving,
        ...settings.loadBalancer,
    });
    if (settings.generator) {
        new TelemetryGenerator(tierNames.generator, {
            platform,
            target: loadBalancer,
            authority: serving?.authority,
            ...settings.generator,
        });
    }

    const access = clientAccess(serving, settings.loadBalancer.tokens);
    await platform.settled();

    return {
        platform: platform.name,
        location: platform.location,
        resolver: settings.loadBalancer.resolver,
        gateways: gateways.backends.hosts,
        grpc: loadBalancer.grpcEndpoints,
        http: loadBalancer.httpEndpoints,
        ...(access && { access }),
        metrics: loadBalancer.metricsEndpoints,
        tap: externalGateway.tapEndpoint,
        backends: settings.externalGateway.backends?.map(({ endpoint }) => endpoint),
        waived,
    };
}

// With CommonJS the language host calls what `require` gives: this must not become an `export default`.
export = topology;
