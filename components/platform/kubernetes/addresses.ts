import type { Service } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import type { Workload } from "../platform";
import { ServiceType } from "./args";
import type { KubernetesCluster } from "./cluster";
import { hasClients, type KubernetesWorkload, servicePorts } from "./workload";

const deadlineMs = 100_000;
const pollMs = 1_000;

/** Where clients send, by the name of the port; with a load balancer once the cloud has given it an address. */
export function addresses(
    workload: KubernetesWorkload,
    service: Service | undefined,
    api: () => Promise<KubernetesCluster>,
): Workload["published"] {
    if (!service || !hasClients(workload)) return {};
    const host = service.metadata.name.apply((name) => hostOf(workload, name, api));
    return Object.fromEntries(
        servicePorts(workload).map(({ name, number }) => [name, address(workload, service, host, number)]),
    );
}

function address(
    { settings }: KubernetesWorkload,
    service: Service,
    host: pulumi.Output<string>,
    number: number,
): pulumi.Output<string[]> {
    const isOnNodes = settings.serviceType === ServiceType.NodePort;
    return pulumi.all([host, service.spec]).apply(([name, { ports = [] }]) => {
        const port = isOnNodes ? ports.find(({ port }) => port === number)?.nodePort : number;
        return [`${name}:${port ?? number}`];
    });
}

async function hostOf(
    { name, settings }: KubernetesWorkload,
    service: string,
    api: () => Promise<KubernetesCluster>,
): Promise<string> {
    const { serviceType, namespace } = settings;
    if (serviceType === ServiceType.NodePort) return "<node>";
    if (serviceType === ServiceType.ClusterIP || pulumi.runtime.isDryRun()) return `${name}.${namespace}.svc`;
    return loadBalancerHost(await api(), service);
}

/** @throws InvalidInput when the cloud gives no address within 100 s */
async function loadBalancerHost(cluster: KubernetesCluster, service: string): Promise<string> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const [found] = (await cluster.service(service))?.status?.loadBalancer?.ingress ?? [];
        const host = found?.hostname ?? found?.ip;
        if (host) return host;
        if (Date.now() > deadline) {
            throw new InvalidInput(
                `the Service ${service} of type LoadBalancer got no address within ${deadlineMs / 1_000} s: ` +
                    "see its events for the cluster's reason, or set serviceType to ClusterIP or NodePort",
            );
        }
        await delay(pollMs);
    }
}
