import Docker from "dockerode";
import { projectName } from "../../engine/reason";
import { EngineStack, newStackName, onStack } from "../../bench/rigs/engineStack";
import { freePorts } from "../../bench/rigs/ports";

export type { Configuration } from "../../bench/rigs/engineStack";
export const docker = new Docker();

/** A stack of its own on the real Docker, with ports of its own. */
export class TestStack extends EngineStack {
    static async create(): Promise<TestStack> {
        const ports = await freePorts(10);
        const fixed = { grpcPorts: [ports[0]], httpPorts: [ports[1]], metricsPorts: [ports[2]], tapPort: ports[3] };
        return new TestStack(await EngineStack.open(newStackName("e2e"), fixed));
    }

    /** The ids of the containers that run, or should, by the name of their replica. */
    async containers(): Promise<Record<string, string>> {
        const prefix = this.containerName("");
        const all = await docker.listContainers({ all: true });
        const own = all.flatMap(({ Id, Names }) => Names.map((name) => [name.slice(1), Id] as const));
        return Object.fromEntries(
            own.filter(([name]) => name.startsWith(prefix) && !name.endsWith("-files")).map(([name, id]) => [name.slice(prefix.length), id]),
        );
    }

    container(replica: string): Docker.Container {
        return docker.getContainer(this.containerName(replica));
    }

    private containerName(replica: string): string {
        return `${projectName}-${this.name}-${replica}`;
    }
}

export const withStack = async (test: (stack: TestStack) => Promise<void>) => onStack(await TestStack.create(), test);

/** A file out of a container, which needs no program in its image. */
export async function readFile(container: Docker.Container, path: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await container.getArchive({ path })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}
