import type { types } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Port, Workload } from "../platform";

/** In the order in which the provider reads them back. */
export function publications(ports: Port[], index: number): types.input.ContainerPort[] {
    return ports
        .flatMap(({ number: internal, published }) => {
            const external = published?.ports[index];
            return published && external !== undefined
                ? [{ internal, external, ip: published.address, protocol: "tcp" }]
                : [];
        })
        .sort((a, b) => a.internal - b.internal);
}

export function addresses(ports: Port[]): Workload["published"] {
    return Object.fromEntries(
        ports.flatMap(({ name, published }) => {
            if (!published) return [];
            const { address, ports } = published;
            return [[name, pulumi.output(ports.map((port) => `${reachable(address)}:${port}`))]];
        }),
    );
}

/** What listens everywhere is reached here. */
const reachable = (address: string) => (address === "0.0.0.0" ? "127.0.0.1" : address);
