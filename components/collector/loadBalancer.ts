import { invalid } from "../errors";
import { at, type Config, section, typeOf } from "./config";
import { type Backends, type Resolver, resolverConfig } from "./resolver";

/** What decides which gateway a trace goes to. */
export const RoutingKey = {
    /** The trace's id: a trace is whole on one gateway. */
    traceID: "traceID",
    /** The `service.name`: all spans of a service on one gateway; a trace over several services is not whole. */
    service: "service",
    /** The attributes named in `routingAttributes`. */
    attributes: "attributes",
} as const;
export type RoutingKey = (typeof RoutingKey)[keyof typeof RoutingKey];

/** What the topology says about an lb. */
export interface LoadBalancerFacts {
    resolver: Resolver;
    backends: Backends;
    routingKey: RoutingKey;
    routingAttributes: string[];
}

/** Completes the lb's configuration: the resolver in every load_balancing exporter, the routing key in that of traces. */
export function loadBalancerConfig(base: Config, facts: LoadBalancerFacts): Config {
    const traces = tracesExporter(base);
    const resolver = resolverConfig(facts.resolver, facts.backends);
    const completed = loadBalancingExporters(base).map((id) => {
        const exporter = { ...section(base, "exporters", id), resolver };
        return [id, id === traces ? { ...exporter, ...routing(facts) } : exporter];
    });
    return { ...base, exporters: { ...section(base, "exporters"), ...Object.fromEntries(completed) } };
}

/** The ids of the exporters that hold a ring. */
export function loadBalancingExporters(config: Config): string[] {
    return Object.keys(section(config, "exporters")).filter((id) =>
        ["load_balancing", "loadbalancing"].includes(typeOf(id)),
    );
}

function tracesExporter(config: Config): string {
    const exporters = at(config, "service", "pipelines", "traces", "exporters");
    const [id] = loadBalancingExporters(config).filter((one) => Array.isArray(exporters) && exporters.includes(one));
    if (!id) throw invalid("service.pipelines.traces.exporters", exporters, "a load_balancing exporter");
    return id;
}

function routing({ routingKey, routingAttributes }: LoadBalancerFacts): Config {
    if (routingKey !== RoutingKey.attributes) return { routing_key: routingKey };
    return { routing_key: routingKey, routing_attributes: routingAttributes };
}
