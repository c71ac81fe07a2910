import type { V1EndpointSlice } from "@kubernetes/client-node";
import { list, section, type Config } from "../../components/collector/config";
import { ports } from "../../components/collector/ports";

/** Endpoints as the exporter hashes them, with the pod behind each. */
type Ring = Record<string, string>;

/**
 * The ring of a resolver's finished configuration.
 * @param config of an lb
 * @param slices of the gateways' Service: what the k8s resolver and the cluster's DNS both tell of
 */
export function ringFrom(config: Config, slices: readonly V1EndpointSlice[]): Ring {
    const resolver = section(config, "exporters", "load_balancing", "resolver");
    return "static" in resolver ? namedRing(list(resolver, "static", "hostnames")) : addressedRing(slices);
}

function namedRing(hosts: string[]): Ring {
    return Object.fromEntries(hosts.map((host) => [host, host.split(".")[0] ?? ""]));
}

/** Endpoints that do not say otherwise are ready; one that goes is not any more. */
function addressedRing(slices: readonly V1EndpointSlice[]): Ring {
    const ready = slices.flatMap(({ endpoints }) =>
        (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false),
    );
    return Object.fromEntries(
        ready.flatMap(({ addresses, targetRef }) =>
            addresses.map((address) => [`${address}:${ports.otlpGrpc}`, targetRef?.name ?? ""] as const),
        ),
    );
}
