import { at, type Config, list, section, typeOf } from "../components/collector/config";
import { deliveringExporters } from "../components/collector/custody";
import { loadBalancingExporters } from "../components/collector/loadBalancer";
import type { Tier } from "../components/collector/topology";
import type { Collector } from "./collector";

/** A way that a span can take through the tiers; those that a stack does not have are left out. */
export type Chain = Partial<Record<Tier, Collector>>;

/**
 * Every way through a stack's collectors; what is in no tier is in no chain. A label decides. Where there is none, an lb
 * has a load_balancing exporter, a gateway is what an lb's resolver names, and an external gateway is what the OTLP
 * exporters of a gateway name.
 */
export function chainsOf(collectors: Collector[]): Chain[] {
    const lbs = collectors.filter((one) => isIn("loadBalancer", one, loadBalancingExporters(one.config).length > 0));
    const afterLb = collectors.filter((one) => !lbs.includes(one));
    const gateways = afterLb.filter((one) => isIn("gateway", one, isNamedBy(lbs, ringHosts, one)));
    const afterGateway = afterLb.filter((one) => !gateways.includes(one));
    const last = afterGateway.filter((one) => isIn("externalGateway", one, isNamedBy(gateways, otlpHosts, one)));

    const fromGateway = (gateway: Collector) => {
        const next = last.filter((one) => isNamedBy([gateway], otlpHosts, one));
        return continued(
            { gateway },
            next.map((externalGateway) => ({ externalGateway })),
        );
    };
    const fromLb = (loadBalancer: Collector) => {
        const next = gateways.filter((one) => isNamedBy([loadBalancer], ringHosts, one));
        return continued({ loadBalancer }, next.flatMap(fromGateway));
    };
    const whole = lbs.flatMap(fromLb);
    const withoutLb = gateways.filter((one) => !whole.some(({ gateway }) => gateway === one)).flatMap(fromGateway);
    const begun = [...whole, ...withoutLb];
    const alone = last.filter((one) => !begun.some(({ externalGateway }) => externalGateway === one));
    return [...begun, ...alone.map((externalGateway) => ({ externalGateway }))];
}

const isIn = (tier: Tier, one: Collector, looksLikeIt: boolean) =>
    one.tier === undefined ? looksLikeIt : one.tier === tier;

const continued = (first: Chain, rest: Chain[]): Chain[] =>
    rest.length === 0 ? [first] : rest.map((chain) => ({ ...first, ...chain }));

function ringHosts(config: Config): string[] {
    return loadBalancingExporters(config)
        .map((id) => section(config, "exporters", id, "resolver"))
        .flatMap((resolver) => [
            ...list(resolver, "static", "hostnames"),
            ...texts(at(resolver, "dns", "hostname")),
            ...texts(at(resolver, "k8s", "service")),
        ]);
}

function otlpHosts(config: Config): string[] {
    return deliveringExporters(config)
        .filter((id) => ["otlp", "otlp_grpc", "otlphttp", "otlp_http"].includes(typeOf(id)))
        .flatMap((id) => texts(at(config, "exporters", id, "endpoint")));
}

const texts = (value: unknown) => (typeof value === "string" ? [value] : []);

/** Whether one of the senders names a collector. On Kubernetes the namespace may be left out, and a pod may be meant. */
function isNamedBy(senders: Collector[], hostsIn: (config: Config) => string[], { hosts }: Collector): boolean {
    return senders.some(({ config, namespace }) =>
        hostsIn(config)
            .map(hostOf)
            .flatMap((host) => (namespace === undefined ? [host] : [host, `${host}.${namespace}`]))
            .some((name) => hosts.some((host) => name === host || isPodOf(name, host))),
    );
}

/** "gateway.telemetry" of "http://gateway.telemetry.svc.cluster.local:4318". */
const hostOf = (endpoint: string) =>
    endpoint
        .replace(/^[a-z]+:\/+/, "")
        .replace(/[:/].*$/, "")
        .replace(/\.svc(\..*)?$/, "");

const isPodOf = (name: string, service: string) => service.includes(".") && name.endsWith(`.${service}`);
