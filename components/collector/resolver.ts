import { invalid } from "../errors";
import type { Config } from "./config";

/** How an lb learns its gateways. */
export const Resolver = {
    /** A fixed list of names, one for each gateway. The ring stands still while a gateway restarts. */
    static: "static",
    /** One name that resolves to every gateway that runs. Scaling leaves the lbs alone. */
    dns: "dns",
    /** The ready endpoints of a Kubernetes Service. Scaling leaves the lbs alone. */
    k8s: "k8s",
} as const;
export type Resolver = (typeof Resolver)[keyof typeof Resolver];

/** What a gateway tier knows about itself, for whichever resolver asks. */
export interface Backends {
    /** The port that every gateway listens on for OTLP over gRPC. */
    port: number;
    /** One stable name for each gateway; none where a scaler decides how many there are. */
    hosts: string[];
    /** One name that resolves to all of them. */
    sharedHost: string;
    /** How often to ask for that name: a duration as the collector writes it. */
    refresh: string;
    /** The Kubernetes Service of the gateways, as "name.namespace"; absent on other platforms. */
    service?: string;
}

/** An answer that comes late, on a busy machine, is better than none: without it the ring stays as it was. */
const dnsTimeout = "1s";

/** The `resolver` block of the load_balancing exporter. Ports are always written out: the ring hashes the text. */
export function resolverConfig(resolver: Resolver, backends: Backends): Config {
    switch (resolver) {
        case Resolver.static: {
            const { hosts, port } = backends;
            if (hosts.length === 0)
                throw invalid("resolver", resolver, "dns or k8s, because a scaler decides how many gateways there are");
            return { static: { hostnames: hosts.map((host) => `${host}:${port}`) } };
        }
        case Resolver.dns: {
            const { sharedHost: hostname, port, refresh } = backends;
            return { dns: { hostname, port: String(port), interval: refresh, timeout: dnsTimeout } };
        }
        case Resolver.k8s: {
            const { service, port } = backends;
            if (!service)
                throw invalid("resolver", resolver, "static or dns, because these gateways have no Kubernetes Service");
            return { k8s: { service, ports: [port] } };
        }
    }
}
