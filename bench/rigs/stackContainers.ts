import Docker from "dockerode";
import { projectName } from "../../engine/reason";
import { DockerEngine } from "../../components/platform/docker/engine";
import { labelOf } from "../../components/platform/docker/DockerEnvironment";
import { untilReady } from "../../components/platform/docker/readiness";
import { collectorUser } from "../../components/platform/user";
import { collectorReadiness } from "../../components/tier";
import { ContainerLives } from "./containerLives";
import { cpuSecondsOf, memoryOf } from "./containers";

/** A container that has a process, frozen or not. */
export interface Running {
    replica: string;
    /** On the stack's network. */
    address: string;
}

const readiness = { ...collectorReadiness, settleSeconds: 0 };

/** The containers of a stack by the names of their replicas. */
export class StackContainers {
    private readonly docker = new Docker();
    /** What the names of all that is the stack's begin with; its network's is just this. */
    private readonly prefix: string;
    private readonly filters: { label: string[] };

    constructor(stack: string) {
        this.prefix = `${projectName}-${stack}`;
        this.filters = { label: [labelOf(this.prefix)] };
    }

    get network(): string {
        return this.prefix;
    }

    container(replica: string): Docker.Container {
        return this.docker.getContainer(`${this.prefix}-${replica}`);
    }

    /** Those that have a process, by one question to Docker. */
    async running(): Promise<Running[]> {
        const all = await this.docker.listContainers({ filters: this.filters });
        return all.flatMap(({ Names, NetworkSettings }) => {
            const address = NetworkSettings.Networks[this.prefix]?.IPAddress;
            return address ? [{ replica: this.replicaOf(Names[0] ?? ""), address }] : [];
        });
    }

    /** Starts one that stands still; resolves once it is ready in this life. */
    async start(replica: string): Promise<void> {
        await this.container(replica).start();
        const { Id } = await this.container(replica).inspect();
        await untilReady(new DockerEngine(process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock"), Id, readiness);
    }

    /** CPU seconds that each replica with a process has taken since it was started, by its cgroup. */
    async cpuSeconds(): Promise<Record<string, number>> {
        const taken = (await this.running()).map(
            async ({ replica }) => [replica, await cpuSecondsOf(this.container(replica))] as const,
        );
        return Object.fromEntries(await Promise.all(taken));
    }

    memory(replica: string): Promise<{ bytes: number; limit: number }> {
        return memoryOf(this.container(replica));
    }

    /** Volumes of a size, before the stack makes its own by these names. */
    async createDisks(replicas: string[], mebibytes: number): Promise<void> {
        const DriverOpts = {
            type: "tmpfs",
            device: "tmpfs",
            o: `size=${mebibytes}m,uid=${collectorUser},gid=${collectorUser}`,
        };
        const Labels = { [labelOf(this.prefix)]: "" };
        for (const replica of replicas) {
            await this.docker.createVolume({ Name: `${this.prefix}-${replica}`, Driver: "local", DriverOpts, Labels });
        }
    }

    lives(): Promise<ContainerLives> {
        return ContainerLives.follow(this.docker, this.filters.label[0] ?? "", `${this.prefix}-`);
    }

    async remove(names: string[]): Promise<void> {
        await Promise.all(names.map((name) => this.docker.getContainer(name).remove({ force: true })));
    }

    /** Removes all containers, without waiting for what they have begun. */
    async removeAll(): Promise<void> {
        const all = await this.docker.listContainers({ all: true, filters: this.filters });
        await this.remove(all.map(({ Id }) => Id));
    }

    private replicaOf(name: string): string {
        return name.replace(/^\//, "").slice(this.prefix.length + 1);
    }
}
