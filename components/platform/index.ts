import { invalid } from "../errors";
import type { Settings } from "../settings";
import type { Platform } from "./platform";

/** The platform that a stack's settings ask for, once everything that the stack needs is known to be there. */
export async function choosePlatform(settings: Settings): Promise<Platform> {
    switch (settings.platform) {
        case "docker": {
            const { DockerPlatform } = await import("./docker");
            const platform = new DockerPlatform();
            await platform.require({ images: imagesOf(settings), ports: portsOf(settings) });
            return platform;
        }
        case "kubernetes":
            throw invalid("platform", settings.platform, "docker; this version has no adapter for Kubernetes yet");
    }
}

function imagesOf({ externalGateway, gateways, loadBalancer, generator }: Settings): string[] {
    const images = [externalGateway, gateways, loadBalancer, generator].map((tier) => tier?.image);
    return [...new Set(images.filter((image) => image !== undefined))];
}

function portsOf({ externalGateway, loadBalancer }: Settings): { address: string; port: number }[] {
    const { bindAddress = "127.0.0.1", grpcPorts = [], httpPorts = [], metricsPorts = [] } = loadBalancer;
    return [
        ...[...grpcPorts, ...httpPorts, ...metricsPorts].map((port) => ({ address: bindAddress, port })),
        ...(externalGateway.tapPort ? [{ address: "127.0.0.1", port: externalGateway.tapPort }] : []),
    ];
}

/** What runs, or once ran, for a stack, whether or not its state knows. */
export async function containersOf(
    platform: string,
    project: string,
    stack: string,
): Promise<{ id: string; name: string }[]> {
    if (platform !== "docker") return [];
    const { dockerContainers } = await import("./docker");
    return dockerContainers(project, stack);
}

/**
 * Removes what outlives a destroyed stack because it could still hold acknowledged telemetry.
 * @returns the names of what it removed
 */
export async function removeLeftovers(platform: string, project: string, stack: string): Promise<string[]> {
    if (platform !== "docker") return [];
    const { removeDockerVolumes } = await import("./docker");
    return removeDockerVolumes(project, stack);
}
