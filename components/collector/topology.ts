import { batchesFit } from "./batches";
import { type Config, list, section, typeOf } from "./config";
import { deliveringExporters, externalGatewayCustody, gatewayCustody, loadBalancerCustody, onlyShows } from "./custody";
import { timeoutMs, worstCaseMs } from "./deadlines";
import { grpcLimitBytes, grpcLimitPath, largestMessageBytes, mib } from "./limits";
import { loadBalancingExporters } from "./loadBalancer";
import type { Violation } from "./rules";

/** The finished configurations of the three tiers that a span passes. */
export interface Topology {
    loadBalancer: Config;
    gateway: Config;
    externalGateway: Config;
}

/** Every rule over the whole topology; a stack, a test and a policy ask this one function. */
export function topologyViolations({ loadBalancer, gateway, externalGateway }: Topology): Violation[] {
    const inOrder = [loadBalancer, gateway, externalGateway];
    return [
        ...loadBalancerCustody(loadBalancer),
        ...gatewayCustody(gateway),
        ...externalGatewayCustody(externalGateway),
        ...limitsGrow(inOrder),
        ...batchesGoThrough(inOrder),
        ...signalsGoThrough(inOrder),
        ...deadlinesShrink(loadBalancer, gateway),
    ];
}

/** A message that one tier took in has to fit into the next, or it is refused for good. */
function limitsGrow(tiers: Config[]): Violation[] {
    const got = tiers.map((tier) => largestMessageBytes(tier) / mib);
    return pairs(tiers)
        .filter(([tier, next]) => grpcLimitBytes(next) <= largestMessageBytes(tier))
        .map(() => ({
            rule: "topology/limits-grow",
            path: grpcLimitPath.join("."),
            got,
            allowed: "a larger limit in each next tier, than that for HTTP too",
        }));
}

/** What one tier batches has to fit into the next in the same way. */
function batchesGoThrough(tiers: Config[]): Violation[] {
    return pairs(tiers).flatMap(([tier, next]) =>
        deliveringExporters(tier).flatMap((id) => batchesFit("topology/batches-fit", tier, id, grpcLimitBytes(next))),
    );
}

/** Each tier with the one after it. */
function pairs(tiers: Config[]): [Config, Config][] {
    return tiers.slice(1).map((next, index) => [tiers[index] as Config, next]);
}

/** A tier without a pipeline for a signal refuses it for good, after an earlier tier has acknowledged it. */
function signalsGoThrough(tiers: Config[]): Violation[] {
    const signals = tiers.map((tier) => throughPipelines(tier).map(typeOf));
    return tiers.slice(1).flatMap((_, index) =>
        (signals[index] ?? [])
            .filter((signal) => !signals[index + 1]?.includes(signal))
            .map((signal) => ({
                rule: "topology/signals-go-through",
                path: `service.pipelines.${signal}`,
                got: undefined,
                allowed: "a pipeline in every tier for each signal that the lb takes in",
            })),
    );
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
