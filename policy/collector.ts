import { parse } from "yaml";
import { at, type Config, isConfig, section } from "../components/collector/config";
import type { Tier } from "../components/collector/topology";
import type { Volume } from "../components/collector/volume";

/** A resource of a stack as a policy is given it. */
export interface Resource {
    type: string;
    urn: string;
    props: Record<string, unknown>;
}

/** A collector configuration that stands in a stack. */
export interface Collector {
    /** The resource that holds its text. */
    urn: string;
    /** What people know it by. */
    name: string;
    config: Config;
    /** Names that lead to it: on Kubernetes "service.namespace". */
    hosts: string[];
    /** Where it looks names up; absent on Docker. */
    namespace?: string;
    /** What a label says that it is. */
    tier?: Tier;
    /** What outlives its replicas; absent where none of the stack's workloads has it. */
    volumes?: Volume[];
    /** Whether others than its own machine reach its ports. */
    isReachable: boolean;
}

/** The label, on a resource that holds a configuration or runs it, that says which tier it is; Kubernetes recommends it. */
export const tierLabel = "app.kubernetes.io/component";

const tiers: Record<string, Tier> = {
    "load-balancer": "loadBalancer",
    gateway: "gateway",
    "external-gateway": "externalGateway",
};

/** The tier that a label's value names. */
export const tierNamed = (value: unknown): Tier | undefined => tiers[String(value)];

/** A text as a collector's configuration; undefined where it is none. */
export function collectorConfig(text: unknown): Config | undefined {
    if (typeof text !== "string" || !text.includes("pipelines")) return undefined;
    try {
        const config: unknown = parse(text, { merge: true, logLevel: "silent" });
        const isCollector = isConfig(config) && isConfig(at(config, "service", "pipelines"));
        return isCollector && Object.keys(section(config, "receivers")).length > 0 ? config : undefined;
    } catch {
        return undefined;
    }
}

/** The mappings in a list; none where it is no list. */
export const mappings = (value: unknown): Config[] => (Array.isArray(value) ? value.filter(isConfig) : []);

export const decoded = (base64: unknown) => Buffer.from(String(base64), "base64").toString("utf8");
