import { catalogue, type RuleId } from "../components/collector/rules/catalogue";
import { sentenceOf } from "../components/collector/rules/violation";
import { topologyViolations } from "../components/collector/topology";
import type { Volume } from "../components/collector/volume";
import type { Collector } from "./collector";
import { type Chain, chainsOf } from "./tiers";

/** A rule that one of a stack's configurations breaks. */
export interface Finding {
    rule: RuleId;
    /** Of the resource that holds the configuration. */
    urn: string;
    message: string;
}

/** What the rules say about a stack's collectors; about one that is in no tier they say nothing. */
export function findingsIn(collectors: Collector[]): Finding[] {
    const findings = chainsOf(collectors).flatMap(findingsOf);
    return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function findingsOf(chain: Chain): Finding[] {
    const { loadBalancer, gateway, externalGateway } = chain;
    const topology = {
        loadBalancer: loadBalancer?.config,
        gateway: gateway?.config,
        externalGateway: externalGateway?.config,
    };
    const volumes = { loadBalancer: volumesOf(loadBalancer), externalGateway: volumesOf(externalGateway) };
    return topologyViolations(topology, {
        volumes,
        hasIdentities: true,
        isReachable: loadBalancer?.isReachable,
    }).flatMap(({ tier, ...violation }) => {
        const collector = chain[tier];
        if (!collector) return [];
        const { rule } = violation;
        const message = `${collector.name}: ${sentenceOf(violation)}. ${catalogue[rule].fix}.`;
        return [{ rule, urn: collector.urn, message }];
    });
}

/** Where no workload is known, any folder may be on a volume. */
const volumesOf = (collector: Collector | undefined): Volume[] => collector?.volumes ?? [{ path: "/" }];
