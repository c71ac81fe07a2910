// The one reader of configuration. Pulumi.yaml describes each key and gives its default.
import * as pulumi from "@pulumi/pulumi";
import type { ExternalGatewayArgs } from "./ExternalGateway";
import type { GatewayTierArgs } from "./GatewayTier";
import type { LoadBalancerTierArgs } from "./LoadBalancerTier";
import { checkKeys, type Keys, keyNames, type PlatformName } from "./settingsSchema";
import type { TelemetryGeneratorArgs } from "./TelemetryGenerator";

/** What a stack's configuration says, as the arguments of the components. */
export interface Settings {
    platform: keyof typeof PlatformName;
    externalGateway: Omit<ExternalGatewayArgs, "platform">;
    gateways: Omit<GatewayTierArgs, "platform" | "externalGateway">;
    loadBalancer: Omit<LoadBalancerTierArgs, "platform" | "gateways">;
    /** Absent when it is switched off. */
    generator?: Omit<TelemetryGeneratorArgs, "platform" | "target">;
}

/**
 * Reads and checks the configuration of the current stack.
 * @throws InvalidInput for the first key that is out of range, or does not go with another
 */
export async function readSettings(): Promise<Settings> {
    const config = new pulumi.Config();
    const given = await Promise.all(keyNames.map(async (key) => [key, await read(config, key)] as const));
    return settingsOf(checkKeys(Object.fromEntries(given)));
}

const isText = (key: string) =>
    ["platform", "resolver", "image", "bindAddress", "routingKey", "generatorImage"].includes(key) ||
    /(Memory|Cpu)$/.test(key);

/** Any key may hold secrets, so each is read as one; what the resources get as secrets is up to the components. */
function read(config: pulumi.Config, key: string): Promise<unknown> {
    return new Promise((resolve) => {
        const value: pulumi.Output<unknown> | undefined = isText(key)
            ? config.getSecret(key)
            : config.getSecretObject(key);
        if (value) value.apply(resolve);
        else resolve(undefined);
    });
}

/** The flat keys of the configuration, as the arguments of the components. */
export function settingsOf(keys: Keys): Settings {
    const { image } = keys;
    return {
        platform: keys.platform,
        externalGateway: {
            image,
            backends: keys.backends,
            queueRequests: keys.externalGatewayQueue,
            tapPort: keys.tapPort,
            memory: keys.externalGatewayMemory,
            cpu: keys.externalGatewayCpu,
            overrides: keys.externalGatewayOverrides,
        },
        gateways: {
            image,
            replicas: keys.gateways,
            memory: keys.gatewayMemory,
            cpu: keys.gatewayCpu,
            overrides: keys.gatewayOverrides,
        },
        loadBalancer: {
            image,
            resolver: keys.resolver,
            replicas: keys.loadBalancers,
            routingKey: keys.routingKey,
            routingAttributes: keys.routingAttributes,
            queueRequests: keys.loadBalancerQueue,
            bindAddress: keys.bindAddress,
            grpcPorts: keys.grpcPorts,
            httpPorts: keys.httpPorts,
            metricsPorts: keys.metricsPorts,
            memory: keys.loadBalancerMemory,
            cpu: keys.loadBalancerCpu,
            overrides: keys.loadBalancerOverrides,
        },
        generator: keys.generator ? { rate: keys.generatorRate, image: keys.generatorImage } : undefined,
    };
}
