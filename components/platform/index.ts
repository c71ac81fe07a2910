import { CertificateSource } from "../securitySchema";
import type { Settings } from "../settings";
import type { StackPlace } from "./kubernetes/leftovers";
import type { Location, Platform, Reach } from "./platform";
import { defaultPrefix } from "./prefix";

export type { Reach } from "./platform";

/** The platform that a stack's settings ask for, once everything that the stack needs is known to be there. */
export async function choosePlatform(settings: Settings): Promise<Platform> {
    switch (settings.platform) {
        case "docker": {
            const { DockerPlatform } = await import("./docker");
            const platform = new DockerPlatform();
            await platform.require({ images: imagesOf(settings), ports: portsOf(settings) });
            return platform;
        }
        case "kubernetes": {
            const { KubernetesPlatform } = await import("./kubernetes");
            const platform = new KubernetesPlatform(settings.kubernetes);
            await platform.require({ asksCertManager: asksCertManager(settings) });
            return platform;
        }
    }
}

function imagesOf({ externalGateway, gateways, loadBalancer, generator }: Settings): string[] {
    const images = [externalGateway, gateways, loadBalancer, generator].map((tier) => tier?.image);
    return [...new Set(images.filter((image) => image !== undefined))];
}

const asksCertManager = ({ identities, ingress }: Settings): boolean =>
    [identities, ingress].some(({ source }) => source === CertificateSource.certManager);

function portsOf({ externalGateway, loadBalancer }: Settings): { address: string; port: number }[] {
    const { bindAddress = "127.0.0.1", grpcPorts = [], httpPorts = [], metricsPorts = [] } = loadBalancer;
    return [
        ...[...grpcPorts, ...httpPorts, ...metricsPorts].map((port) => ({ address: bindAddress, port })),
        ...(externalGateway.tapPort ? [{ address: "127.0.0.1", port: externalGateway.tapPort }] : []),
    ];
}

/** What is known of a stack that is up. */
export interface Known extends Omit<Reach, "close"> {
    platform: string;
    location: Location;
    access?: Reach["access"] & {
        /** Where the authority of the lbs is, if it is not known. */
        authoritySecret?: { secret: string; key: string };
    };
}

export async function reach(known: Known): Promise<Reach> {
    if (known.platform === "docker") return { ...known, close: () => Promise.resolve() };
    const { reachThroughApiServer } = await import("./kubernetes/reach");
    return reachThroughApiServer(known.location, known.access);
}

/** The containers of a stack on Docker, whether or not its state knows them. */
export async function containersOf(project: string, stack: string): Promise<{ id: string; name: string }[]> {
    const { dockerContainers } = await import("./docker");
    return dockerContainers(project, stack);
}

/** Where the resources of a stack are, or were. */
export type Whereabouts = { platform: "docker" } | ({ platform: "kubernetes" } & StackPlace);

/** Removes what outlives a destroyed stack because it could still hold acknowledged telemetry. */
export async function removeLeftovers(where: Whereabouts, project: string, stack: string): Promise<void> {
    if (where.platform === "kubernetes") {
        const { removeFromCluster } = await import("./kubernetes/leftovers");
        return removeFromCluster(where, defaultPrefix(project, stack));
    }
    const { removeDockerVolumes } = await import("./docker");
    return removeDockerVolumes(project, stack);
}
