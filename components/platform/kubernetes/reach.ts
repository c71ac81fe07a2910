import { ports } from "../../collector/ports";
import { InvalidInput } from "../../errors";
import { type Location, type Reach, Role } from "../platform";
import type { Known } from "..";
import { KubernetesCluster } from "./cluster";
import { nameOf } from "./objects";
import { forwardPort } from "./portForward";
import { roleLabels, selectorText } from "./workload";

/** Ports on 127.0.0.1 that lead to the pods of a stack through the API server, whatever the network between lets through. */
export async function reachThroughApiServer(
    { context = "", namespace = "", prefix = "" }: Location,
    access?: Known["access"],
): Promise<Reach> {
    const cluster = await KubernetesCluster.open({ context, namespace });
    const podsOf = async (role: Role) => {
        const pods = await cluster.pods(selectorText(roleLabels(prefix, role)));
        return pods.map(nameOf).sort();
    };
    const [lbs, [externalGateway]] = await Promise.all([podsOf(Role.loadBalancer), podsOf(Role.externalGateway)]);
    if (lbs.length === 0 || !externalGateway) {
        throw new InvalidInput(`there are no lbs, or no external gateway, of ${prefix} in the namespace ${namespace}`);
    }
    const forwards: { close(): Promise<void> }[] = [];
    const to = async (pod: string, port: number) => {
        const forward = await forwardPort(cluster, { pod }, port);
        forwards.push(forward);
        return forward.address;
    };
    const toEach = (port: number) => Promise.all(lbs.map((pod) => to(pod, port)));
    return {
        grpc: await toEach(ports.otlpGrpc),
        http: (await toEach(ports.otlpHttp)).map((address) => `${access?.serverName ? "https" : "http"}://${address}`),
        access: access && (await completed(cluster, access)),
        metrics: (await toEach(ports.metrics)).map((address) => `http://${address}/metrics`),
        tap: `http://${await to(externalGateway, ports.tap)}/metrics`,
        close: async () => void (await Promise.all(forwards.map((forward) => forward.close()))),
    };
}

async function completed(
    cluster: KubernetesCluster,
    { authoritySecret: from, ...access }: NonNullable<Known["access"]>,
): Promise<Reach["access"]> {
    if (!from) return access;
    const found = await cluster.secret(from.secret);
    if (!found || found === "unknown") {
        const why = found ? "this user may not read" : "there is no longer";
        throw new InvalidInput(`${why} the Secret ${from.secret}, which vouches for the lbs`);
    }
    // A public issuer leaves it out: every system knows its authority.
    return { ...access, authority: found[from.key] || undefined };
}
