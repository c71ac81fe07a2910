import { batchesFit, batchesHold } from "./batches";
import { type Config, list, section, typeOf } from "./config";
import { deliveringExporters, externalGatewayCustody, gatewayCustody, loadBalancerCustody, onlyShows } from "./custody";
import { timeoutMs, worstCaseMs } from "./deadlines";
import { ingressIsClosed } from "./ingress";
import { grpcLimitBytes, grpcLimitPath, largestMessageBytes, mib } from "./limits";
import { loadBalancingExporters } from "./loadBalancer";
import { externalTls, nextTierProvesItself, ringTls, sendersProveThemselves } from "./mtls";
import type { Violation } from "./rules/violation";
import type { Volume } from "./volume";

/** The finished configurations of the three tiers that a span passes. */
export interface Topology {
    loadBalancer: Config;
    gateway: Config;
    externalGateway: Config;
}

export type Tier = keyof Topology;

const inOrder = ["loadBalancer", "gateway", "externalGateway"] as const;

/** A rule that is broken, and the tier whose configuration is to be mended. */
export interface TierViolation extends Violation {
    tier: Tier;
}

/** What no configuration says about its tier. */
export interface Surroundings {
    /** What outlives the replicas of a tier; where it is not said, a volume of unknown size on /var/lib/otelcol. */
    volumes?: Partial<Record<Tier, Volume[]>>;
    /** Whether the tiers have certificates to prove themselves with; without them, nothing is asked of mtls. */
    hasIdentities?: boolean;
    /** Whether others than this machine reach the lbs; otherwise, nothing is asked of ingress. */
    isReachable?: boolean;
}

/**
 * Every rule over the whole topology; a tier, a stack, a test and a policy ask this one function.
 * @param topology of a tier that is not there nothing is asked, by itself or beside others
 */
export function topologyViolations(
    topology: Partial<Topology>,
    { volumes = {}, hasIdentities = false, isReachable = false }: Surroundings = {},
): TierViolation[] {
    const { loadBalancer, gateway, externalGateway } = topology;
    return [
        ...of("loadBalancer", loadBalancer ? loadBalancerCustody(loadBalancer, volumes.loadBalancer) : []),
        ...of("gateway", gateway ? gatewayCustody(gateway) : []),
        ...of(
            "externalGateway",
            externalGateway ? externalGatewayCustody(externalGateway, volumes.externalGateway) : [],
        ),
        ...limitsGrow(topology),
        ...batchesGoThrough(topology),
        ...backendsTakeWhatComesIn(topology),
        ...signalsGoThrough(topology),
        ...of("loadBalancer", loadBalancer && gateway ? deadlinesShrink(loadBalancer, gateway) : []),
        ...(hasIdentities ? everybodyProvesThemselves(topology) : []),
        ...of("loadBalancer", loadBalancer && isReachable ? ingressIsClosed(loadBalancer) : []),
    ];
}

/** An lb asks its clients for something else, or for nothing. */
function everybodyProvesThemselves({ loadBalancer, gateway, externalGateway }: Partial<Topology>): TierViolation[] {
    return [
        ...of("loadBalancer", loadBalancer ? nextTierProvesItself(loadBalancer, ringTls(loadBalancer)) : []),
        ...of("gateway", gateway ? sendersProveThemselves(gateway) : []),
        ...of("gateway", gateway ? nextTierProvesItself(gateway, externalTls(gateway)) : []),
        ...of("externalGateway", externalGateway ? sendersProveThemselves(externalGateway) : []),
    ];
}

const of = (tier: Tier, violations: Violation[]): TierViolation[] =>
    violations.map((violation) => ({ ...violation, tier }));

interface Neighbours {
    tier: Tier;
    config: Config;
    next: Tier;
    nextConfig: Config;
}

/** Each tier with the one after it, where both are there. */
function pairs(topology: Partial<Topology>): Neighbours[] {
    return inOrder.slice(1).flatMap((next, index) => {
        const tier = inOrder[index];
        const config = tier && topology[tier];
        const nextConfig = topology[next];
        return config && nextConfig ? [{ tier, config, next, nextConfig }] : [];
    });
}

/** A message that one tier took in has to fit into the next, or it is refused for good. */
function limitsGrow(topology: Partial<Topology>): TierViolation[] {
    const got = inOrder
        .map((tier) => topology[tier])
        .filter((config) => config !== undefined)
        .map((config) => largestMessageBytes(config) / mib);
    return pairs(topology)
        .filter(({ config, nextConfig }) => grpcLimitBytes(nextConfig) <= largestMessageBytes(config))
        .map(({ next }) => ({
            tier: next,
            rule: "topology/limits-grow",
            path: grpcLimitPath.join("."),
            got,
            allowed: "a larger limit in each next tier, than that for HTTP too",
        }));
}

/** What one tier batches has to fit into the next in the same way. */
function batchesGoThrough(topology: Partial<Topology>): TierViolation[] {
    return pairs(topology).flatMap(({ tier, config, nextConfig }) =>
        deliveringExporters(config).flatMap((id) =>
            of(tier, batchesFit("topology/batches-fit", config, id, grpcLimitBytes(nextConfig))),
        ),
    );
}

/** The external gateway drops a span that is larger than a batch for its backend, after the lb has acknowledged it. */
function backendsTakeWhatComesIn({ loadBalancer, externalGateway }: Partial<Topology>): TierViolation[] {
    if (!loadBalancer || !externalGateway) return [];
    const rule = "topology/backend-batches-hold-a-message";
    return deliveringExporters(externalGateway).flatMap((id) =>
        of("externalGateway", batchesHold(rule, externalGateway, id, largestMessageBytes(loadBalancer))),
    );
}

/** A tier without a pipeline for a signal refuses it for good, after an earlier tier has acknowledged it. */
function signalsGoThrough(topology: Partial<Topology>): TierViolation[] {
    return pairs(topology).flatMap(({ config, next, nextConfig }) => {
        const taken = throughPipelines(nextConfig).map(typeOf);
        const signals = throughPipelines(config).map(typeOf);
        return signals
            .filter((signal) => !taken.includes(signal))
            .map((signal) => ({
                tier: next,
                rule: "topology/signals-go-through",
                path: `service.pipelines.${signal}`,
                got: undefined,
                allowed: "a pipeline in every tier for each signal that the lb takes in",
            }));
    });
}

/** The pipelines that lead from clients onwards; what only feeds a connector, like the tap, does not. */
function throughPipelines(tier: Config): string[] {
    const pipelines = Object.keys(section(tier, "service", "pipelines"));
    const connectors = Object.keys(section(tier, "connectors"));
    return pipelines.filter((id) => {
        const fromClients = list(tier, "service", "pipelines", id, "receivers").some(
            (one) => !connectors.includes(one),
        );
        const onwards = list(tier, "service", "pipelines", id, "exporters").some(
            (one) => !connectors.includes(one) && !onlyShows(one),
        );
        return fromClients && onwards;
    });
}

/** Whoever waits must wait longer than the one that is waited for, or it sends again what is still under way. */
function deadlinesShrink(loadBalancer: Config, gateway: Config): Violation[] {
    const slowest = Math.max(
        0,
        ...deliveringExporters(gateway).map((id) => worstCaseMs(section(gateway, "exporters", id))),
    );
    return loadBalancingExporters(loadBalancer).flatMap((id) => {
        const exporter = section(loadBalancer, "exporters", id);
        const oneGateway = timeoutMs(section(exporter, "protocol", "otlp"));
        const wholeRequest = timeoutMs(exporter);
        const allowed = `more than the ${slowest} ms of the gateway, and less than the ${wholeRequest} ms of the whole request`;
        if (oneGateway > slowest && oneGateway < wholeRequest) return [];
        return [
            {
                rule: "topology/deadlines-shrink",
                path: `exporters.${id}.protocol.otlp.timeout`,
                got: `${oneGateway}ms`,
                allowed,
            },
        ];
    });
}
