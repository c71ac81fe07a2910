import { isIPv4 } from "node:net";
import { z } from "zod";
import { Protocol, Signal } from "./collector/externalGateway";
import { RoutingKey } from "./collector/loadBalancer";
import { portsFor } from "./collector/ports";
import { cpuCores, diskBytes, memoryBytes } from "./collector/quantity";
import { Resolver } from "./collector/resolver";
import { isRuleId, type RuleId } from "./collector/rules/catalogue";
import { allowedFor } from "./collector/rules/refuse";
import { Size } from "./collector/sizes";
import { invalid } from "./errors";
import { checkKubernetes, kubernetesKeys } from "./kubernetesSchema";
import { ScaledBy } from "./scaling";
import { checkSecurity, securityKeys } from "./securitySchema";
import { image, oneOf, text, textMap, whole } from "./settingsKinds";

export const PlatformName = { docker: "docker", kubernetes: "kubernetes" } as const;

const portList = z
    .array(whole(1, 65_535), "a list of ports, one for each lb or the first of them")
    .min(1, "at least one port");
const overrides = z.record(z.string(), z.unknown(), "a mapping laid over the collector's configuration");

const namePattern = "letters, digits, dots, dashes and underscores";
const signalList = "a list of traces, logs, metrics";
const backendKeys = "a mapping with endpoint and, where wanted, name, protocol, signals, headers";
const backend = z.strictObject(
    {
        endpoint: z.string("a URL").refine(isWebUrl, 'a URL, as in "https://otlp.example.com:4317"'),
        name: z.optional(z.string(namePattern).regex(/^[A-Za-z0-9][\w.-]*$/, namePattern)),
        protocol: z.optional(oneOf(Protocol)),
        signals: z.optional(z.array(oneOf(Signal), signalList).min(1, signalList)),
        headers: z.optional(textMap),
    },
    backendKeys,
);

const ruleId = z.custom<RuleId>(isRuleId, { error: ({ input }) => allowedFor(input) });

const schema = z.object({
    platform: oneOf(PlatformName),
    resolver: oneOf(Resolver),
    gateways: whole(1, 100),
    loadBalancers: whole(1, 16),
    image,
    bindAddress: z.string("an IPv4 address").refine(isIPv4, "an IPv4 address"),
    grpcPorts: portList,
    httpPorts: portList,
    metricsPorts: portList,
    tapPort: whole(1, 65_535),
    routingKey: oneOf(RoutingKey),
    routingAttributes: z.array(text, "a list of attribute names"),
    backends: z.array(backend, "a list of backends"),
    generator: z.boolean("true or false"),
    generatorRate: whole(1, 10_000),
    generatorImage: image,
    loadBalancerMemory: text,
    loadBalancerCpu: text,
    loadBalancerQueue: text,
    loadBalancerOverrides: overrides,
    gatewayMemory: text,
    gatewayCpu: text,
    gatewayOverrides: overrides,
    externalGatewayMemory: text,
    externalGatewayCpu: text,
    externalGatewayQueue: text,
    externalGatewayOverrides: overrides,
    size: oneOf(Size),
    loadBalancerCpuRequest: text,
    gatewayCpuRequest: text,
    externalGatewayCpuRequest: text,
    waived: z.array(ruleId, "a list of the ids of rules"),
    scaledBy: oneOf(ScaledBy),
    maxGateways: whole(1, 100),
    ...kubernetesKeys,
    ...securityKeys,
});

/** The keys of a stack's configuration, checked one by one and with one another; one port for each lb. */
export type Keys = Readonly<z.infer<typeof schema>>;

export const keyNames = Object.keys(schema.shape);

/** Whether a key holds a text, which is not to be read as JSON. */
export function isText(key: string): boolean {
    const kind = schema.shape[key as keyof Keys];
    return kind instanceof z.ZodString || kind instanceof z.ZodEnum;
}

/** @throws InvalidInput for the first key that is out of range, or does not go with another */
export function checkKeys(given: Record<string, unknown>): Keys {
    const { data, error } = schema.safeParse(given);
    if (error) {
        const [issue] = error.issues;
        const path = issue?.path ?? [];
        const got = path.reduce<unknown>(
            (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
            given,
        );
        throw invalid(pathText(path), isHidden(path) ? "(hidden)" : got, issue?.message ?? "another value");
    }
    checkQuantities(data);
    checkRouting(data);
    checkBackends(data);
    checkScaling(data);
    checkKubernetes(data);
    checkSecurity(data);
    return Object.freeze({ ...data, ...checkedPorts(data) });
}

const isHidden = (path: PropertyKey[]) => path.includes("headers") || path.includes("clientTokens");

function pathText(path: PropertyKey[]): string {
    return path
        .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index ? "." : ""}${String(key)}`))
        .join("");
}

function isWebUrl(value: string): boolean {
    return URL.canParse(value) && ["http:", "https:"].includes(new URL(value).protocol);
}

/** What a key of a tier has when the size decides. */
export const bySize = "size";
/** What the key of a tier's queues has when the disk decides. */
export const byDisk = "disk";

function checkQuantities(keys: Keys): void {
    for (const tier of ["loadBalancer", "gateway", "externalGateway"] as const) {
        if (keys[`${tier}Memory`] !== bySize) memoryBytes(`${tier}Memory`, keys[`${tier}Memory`]);
        if (keys[`${tier}CpuRequest`] !== bySize) cpuCores(`${tier}CpuRequest`, keys[`${tier}CpuRequest`]);
        cpuCores(`${tier}Cpu`, keys[`${tier}Cpu`]);
    }
    for (const key of ["loadBalancerQueue", "externalGatewayQueue"] as const)
        if (keys[key] !== byDisk) diskBytes(key, keys[key]);
}

function checkScaling({ platform, resolver, scaledBy, gateways, maxGateways }: Keys): void {
    if (scaledBy === ScaledBy.replicas) return;
    if (platform === PlatformName.docker)
        throw invalid("scaledBy", scaledBy, "replicas, because the platform is docker");
    if (resolver === Resolver.static) {
        throw invalid("scaledBy", scaledBy, "replicas, because the static resolver has a fixed list of gateways");
    }
    if (scaledBy === ScaledBy.platform && maxGateways < gateways)
        throw invalid("maxGateways", maxGateways, `at least ${gateways}, the number of gateways`);
}

function checkRouting({ platform, resolver, routingKey, routingAttributes }: Keys): void {
    if (platform === PlatformName.docker && resolver === Resolver.k8s) {
        throw invalid("resolver", resolver, "static or dns, because the platform is docker");
    }
    const byAttributes = routingKey === RoutingKey.attributes;
    if (byAttributes !== routingAttributes.length > 0) {
        const allowed = byAttributes
            ? "at least one name, because routingKey is attributes"
            : "none, unless routingKey is attributes";
        throw invalid("routingAttributes", routingAttributes, allowed);
    }
}

function checkBackends({ platform, backends }: Keys): void {
    const self = ["localhost", "127.0.0.1", "[::1]"];
    const lost = backends.findIndex(({ endpoint }) => self.includes(new URL(endpoint).hostname));
    if (lost === -1) return;
    const allowed =
        platform === PlatformName.docker
            ? "an address outside the container; this machine is host.docker.internal"
            : "an address outside the pod";
    throw invalid(`backends[${lost}].endpoint`, backends[lost]?.endpoint, allowed);
}

type Ports = Pick<Keys, "grpcPorts" | "httpPorts" | "metricsPorts">;

function checkedPorts(keys: Keys): Ports {
    const perLb = (key: keyof Ports) => portsFor(key, keys[key], keys.loadBalancers);
    const ports = { grpcPorts: perLb("grpcPorts"), httpPorts: perLb("httpPorts"), metricsPorts: perLb("metricsPorts") };
    const all = [...ports.grpcPorts, ...ports.httpPorts, ...ports.metricsPorts, keys.tapPort];
    const twice = all.find((port, index) => all.indexOf(port) !== index);
    if (twice)
        throw invalid("a published port", twice, "a port of its own for every listener of every lb and for the tap");
    return ports;
}
