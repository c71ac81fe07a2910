import type Docker from "dockerode";
import { createServer } from "node:net";
import { invalid } from "../../errors";
import { type DockerEngine, type HostPort, nameOf } from "./engine";

/** What has to hold before anything is created. */
export interface Requirements {
    images: string[];
    ports: HostPort[];
}

/**
 * Looks before anything is created whether an engine answers, has the images, and has the ports free.
 * @param label of the stack's own containers, whose ports are the stack's already
 * @returns the names of the stack's containers that run already; frozen ones and those that keep restarting do not
 * @throws InvalidInput for the first thing that does not hold
 */
export async function preflight(
    engine: DockerEngine,
    label: string,
    { images, ports }: Requirements,
): Promise<Set<string>> {
    await engine.requireRunning();
    const containers = await engine.containers();
    await Promise.all([
        ...images.map((image) => engine.requireImage(image)),
        requirePorts(engine, containers, label, ports),
    ]);
    return new Set(containers.filter(({ Labels, State }) => label in Labels && State === "running").map(nameOf));
}

async function requirePorts(
    engine: DockerEngine,
    containers: Docker.ContainerInfo[],
    label: string,
    wanted: HostPort[],
): Promise<void> {
    const published = containers.flatMap((container) =>
        container.Ports.filter(({ PublicPort }) => PublicPort !== undefined).map(({ IP, PublicPort }) => ({
            address: IP,
            port: PublicPort,
            container: nameOf(container),
            own: label in container.Labels,
        })),
    );
    const restarting = await portsBetweenStarts(engine, containers, label);
    for (const { address, port } of wanted) {
        if (restarting.some((one) => one.address === address && one.port === port)) continue;
        const holder = published.find((one) => one.port === port && overlap(one.address, address));
        if (holder?.own) continue;
        const by = holder ? `the container ${holder.container}` : "another program";
        if (holder || (engine.isLocal && (await isTaken(address, port)))) {
            throw invalid(
                "a published port",
                `${address}:${port}`,
                `a free port; ${by} listens there: stop it, or choose other ports`,
            );
        }
    }
}

/** What own containers that keep restarting publish: while one is down it shows no ports, and the next moment has them. */
async function portsBetweenStarts(
    engine: DockerEngine,
    containers: Docker.ContainerInfo[],
    label: string,
): Promise<HostPort[]> {
    const restarting = containers.filter(({ Labels, State }) => label in Labels && State === "restarting");
    const inspected = await Promise.all(restarting.map(({ Id }) => engine.inspect(Id)));
    const bindings = inspected.flatMap((one) =>
        Object.values((one?.HostConfig.PortBindings ?? {}) as Record<string, { HostIp: string; HostPort: string }[]>),
    );
    return bindings.flat().map(({ HostIp, HostPort }) => ({ address: HostIp, port: Number(HostPort) }));
}

const anyAddress = ["0.0.0.0", "::"];

function overlap(one: string, other: string): boolean {
    return one === other || anyAddress.includes(one) || anyAddress.includes(other);
}

function isTaken(address: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
        server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(false)));
    });
}
