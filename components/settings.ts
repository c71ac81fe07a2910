// The one reader of configuration. Pulumi.yaml describes each key and gives its default.
import * as pulumi from "@pulumi/pulumi";
import type { IdentitySettings, IngressSettings } from "./certificates";
import type { RuleId } from "./collector/rules/catalogue";
import type { ExternalGatewayArgs } from "./ExternalGateway";
import type { GatewayTierArgs } from "./GatewayTier";
import type { LoadBalancerTierArgs } from "./LoadBalancerTier";
import type { KubernetesPlatformArgs } from "./platform/kubernetes/args";
import { byDisk, bySize, checkKeys, isText, type Keys, keyNames, type PlatformName } from "./settingsSchema";
import type { TelemetryGeneratorArgs } from "./TelemetryGenerator";

/** What a stack's configuration says, as the arguments of the components. */
export interface Settings {
    platform: keyof typeof PlatformName;
    /** Of use on the platform kubernetes only. */
    kubernetes: KubernetesPlatformArgs;
    /** Who the tiers are to one another. */
    identities: IdentitySettings;
    /** What clients see of the lbs. */
    ingress: IngressSettings;
    externalGateway: Omit<ExternalGatewayArgs, "platform">;
    gateways: Omit<GatewayTierArgs, "platform" | "externalGateway">;
    loadBalancer: Omit<LoadBalancerTierArgs, "platform" | "gateways">;
    /** The rules that the topology may break. */
    waived: RuleId[];
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
    const { image, size, waived } = keys;
    const unless = (value: string, otherwise: string = bySize) => (value === otherwise ? undefined : value);
    return {
        platform: keys.platform,
        kubernetes: kubernetesOf(keys),
        identities: { source: keys.mtls, from: keys.certificatesFrom, generation: keys.certificateGeneration },
        ingress: {
            source: keys.clientTls,
            from: { ...keys.clientTlsFrom, tiersIssuer: keys.certificatesFrom.issuer },
            names: keys.clientNames,
            generation: keys.certificateGeneration,
        },
        externalGateway: {
            image,
            size,
            waived,
            backends: keys.backends,
            queueSize: unless(keys.externalGatewayQueue, byDisk),
            tapPort: keys.tapPort,
            memory: unless(keys.externalGatewayMemory),
            cpu: keys.externalGatewayCpu,
            cpuRequest: unless(keys.externalGatewayCpuRequest),
            overrides: keys.externalGatewayOverrides,
        },
        gateways: {
            image,
            size,
            waived,
            replicas: keys.gateways,
            scaledBy: keys.scaledBy,
            maxReplicas: keys.maxGateways,
            scaleOnCpu: keys.scaleOnCpu,
            scaleOnMemory: keys.scaleOnMemory,
            scaleOnMetrics: keys.scaleOnMetrics,
            scaleBehavior: keys.scaleBehavior,
            memory: unless(keys.gatewayMemory),
            cpu: keys.gatewayCpu,
            cpuRequest: unless(keys.gatewayCpuRequest),
            overrides: keys.gatewayOverrides,
        },
        loadBalancer: {
            image,
            size,
            waived,
            resolver: keys.resolver,
            replicas: keys.loadBalancers,
            routingKey: keys.routingKey,
            routingAttributes: keys.routingAttributes,
            queueSize: unless(keys.loadBalancerQueue, byDisk),
            bindAddress: keys.bindAddress,
            grpcPorts: keys.grpcPorts,
            httpPorts: keys.httpPorts,
            metricsPorts: keys.metricsPorts,
            tokens: keys.clientTokens,
            memory: unless(keys.loadBalancerMemory),
            cpu: keys.loadBalancerCpu,
            cpuRequest: unless(keys.loadBalancerCpuRequest),
            overrides: keys.loadBalancerOverrides,
        },
        waived,
        generator: keys.generator ? { rate: keys.generatorRate, image: keys.generatorImage } : undefined,
    };
}

function kubernetesOf({ ingress, routes, ...keys }: Keys): KubernetesPlatformArgs {
    const { gateway } = routes;
    return {
        context: keys.context,
        namespace: keys.namespace,
        createNamespace: keys.createNamespace,
        storageClass: keys.storageClass,
        storageSize: keys.storageSize,
        serviceType: keys.serviceType,
        serviceAnnotations: keys.serviceAnnotations,
        trafficDistribution: keys.trafficDistribution,
        ingress: Object.keys(ingress).length > 0 ? ingress : undefined,
        routes: gateway ? { ...routes, gateway } : undefined,
        clientsFrom: keys.clientsFrom,
        metricsFrom: keys.metricsFrom,
        pods: keys.pods,
    };
}
