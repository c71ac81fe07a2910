import { type CollectorSpec, Containers } from "../rigs/containers";
import { batching, hop, loadBalancer } from "../rigs/references";
import type { Subject } from "./subject";

/** Collectors in plain containers, started in the order given. @param entry the one that clients send to */
export async function plainSubject(name: string, entry: string, specs: CollectorSpec[]): Promise<Subject> {
    const containers = new Containers();
    const remove = () => containers.destroy();
    try {
        await containers.run(specs);
    } catch (error) {
        await remove();
        throw error;
    }
    const addresses = async () =>
        Object.fromEntries(
            await Promise.all(specs.map(async ({ name }) => [name, await containers.address(name)] as const)),
        );
    return { name, entry, addresses, cpuSeconds: () => containers.cpuSeconds(), remove };
}

/** One plain collector. @param sink "host:port" for OTLP over gRPC */
export function plainHop(sink: string): Promise<Subject> {
    return plainSubject("hop", "hop", [hop("hop", sink)]);
}

/** The exporter's documented two-tier example with an external hop, and as many collectors as `npm start` deploys. */
export function documented(sink: string): Promise<Subject> {
    const gateways = ["gateway-1", "gateway-2", "gateway-3"];
    return plainSubject("documented", "load-balancer-1", [
        batching("external-gateway-1", sink),
        ...gateways.map((gateway) => batching(gateway, "external-gateway-1:4317")),
        loadBalancer("load-balancer-1", gateways),
    ]);
}
