import type { Service } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import type { Workload } from "../platform";
import { waitAfter } from "../waiting";
import { ServiceType } from "./args";
import type { KubernetesCluster } from "./cluster";
import { hasClients, type KubernetesWorkload, serviceHost, servicePorts } from "./workload";

const deadlineMs = 100_000;
const pollMs = 1_000;

export interface Addresses {
    /** Where clients send, by the name of the port. */
    published: Workload["published"];
    /** Rejects with InvalidInput when the cloud gives a load balancer no address within 100 s. */
    given: Promise<void>;
}

export function addresses(
    workload: KubernetesWorkload,
    service: Service | undefined,
    api: () => Promise<KubernetesCluster>,
): Addresses {
    if (!service || !hasClients(workload)) return { published: {}, given: Promise.resolve() };
    const host = service.metadata.name.apply((name) => hostOf(workload, name, api));
    return {
        published: Object.fromEntries(
            servicePorts(workload).map(({ name, number }) => [name, address(workload, service, host, number)]),
        ),
        given: pulumi.runtime.isDryRun() ? Promise.resolve() : waitAfter(host, (found) => requireHost(workload, found)),
    };
}

function address(
    { settings }: KubernetesWorkload,
    service: Service,
    host: pulumi.Output<string | undefined>,
    number: number,
): pulumi.Output<string[]> {
    const isOnNodes = settings.serviceType === ServiceType.NodePort;
    return pulumi.all([host, service.spec]).apply(([name, { ports = [] }]) => {
        const port = isOnNodes ? ports.find(({ port }) => port === number)?.nodePort : number;
        return name ? [`${name}:${port ?? number}`] : [];
    });
}

async function hostOf(
    { name, settings }: KubernetesWorkload,
    service: string,
    api: () => Promise<KubernetesCluster>,
): Promise<string | undefined> {
    const { serviceType, namespace } = settings;
    if (serviceType === ServiceType.NodePort) return "<node>";
    if (serviceType === ServiceType.ClusterIP || pulumi.runtime.isDryRun()) return serviceHost(name, namespace);
    return loadBalancerHost(await api(), service);
}

/** @returns undefined when the cloud gives no address in time */
async function loadBalancerHost(cluster: KubernetesCluster, service: string): Promise<string | undefined> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const [found] = (await cluster.service(service))?.status?.loadBalancer?.ingress ?? [];
        const host = found?.hostname ?? found?.ip;
        if (host || Date.now() > deadline) return host;
        await delay(pollMs);
    }
}

function requireHost({ name }: KubernetesWorkload, host: string | undefined): Promise<void> {
    if (host) return Promise.resolve();
    const remedy = "see its events for the cluster's reason, or set serviceType to ClusterIP or NodePort";
    const what = `the Service ${name} of type LoadBalancer got no address within ${deadlineMs / 1_000} s`;
    return Promise.reject(new InvalidInput(`${what}: ${remedy}`));
}
