import Docker from "dockerode";
import { invalid, InvalidInput } from "../../errors";

/** A host port that a stack is going to publish. */
export interface HostPort {
    address: string;
    port: number;
}

/** How a container that was run once ended, and what it wrote. */
export interface Ended {
    exitCode: number;
    output: string;
}

/** Asks a Docker Engine what the provider has no resource for. Of what a stack consists of it changes nothing. */
export class DockerEngine {
    private readonly client: Docker;

    /** @param host "unix:///path", "tcp://host:port" or "ssh://user@host" */
    constructor(readonly host: string) {
        this.client = new Docker(host === process.env.DOCKER_HOST ? undefined : connection(host));
    }

    get isLocal(): boolean {
        return this.host.startsWith("unix://");
    }

    /** @throws InvalidInput when no engine answers */
    async requireRunning(): Promise<void> {
        try {
            await this.client.ping();
        } catch (error) {
            throw new InvalidInput(
                `Docker does not answer at ${this.host} (${(error as Error).message}): start Docker, or set DOCKER_HOST to where it runs`,
            );
        }
    }

    /** @throws InvalidInput when an image is neither here nor in its registry */
    async requireImage(image: string): Promise<void> {
        if (await found(() => this.client.getImage(image).inspect())) return;
        try {
            await this.client.getImage(image).distribution();
        } catch (error) {
            const reason = (error as { reason?: string; json?: { message?: string } }).json?.message ?? String(error);
            throw invalid(
                "image",
                image,
                `an image on this Docker Engine or in a registry that it reaches (${reason.trim()})`,
            );
        }
    }

    /** What tells an image from every other; it is pulled where this engine does not have it. */
    async imageId(image: string): Promise<string> {
        const here = await found(() => this.client.getImage(image).inspect());
        if (here) return here.Id;
        const progress = await this.client.pull(image);
        await new Promise<void>((resolve, reject) =>
            this.client.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
        );
        return (await this.client.getImage(image).inspect()).Id;
    }

    /**
     * Runs a container that is gone afterwards, also when nobody is left to remove it.
     * @param input all that it reads from its standard input
     * @throws when it cannot be run, or has not ended in time
     */
    async runOnce(options: Docker.ContainerCreateOptions, input: string, deadlineMs: number): Promise<Ended> {
        const abortSignal = AbortSignal.timeout(deadlineMs);
        const container = await this.client.createContainer({
            ...options,
            OpenStdin: true,
            StdinOnce: true, // the end of this process is the end of its input
            HostConfig: { ...options.HostConfig, AutoRemove: true, LogConfig: { Type: "none", Config: {} } },
        });
        try {
            const streams = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
            const attached = await container.attach({ ...streams, abortSignal });
            const output = textOf(attached);
            const ended = container.wait({ condition: "removed", abortSignal }) as Promise<{ StatusCode: number }>;
            const [{ StatusCode }] = await Promise.all([
                ended,
                container.start({ abortSignal }).then(() => attached.end(input)),
            ]);
            return { exitCode: StatusCode, output: await output };
        } finally {
            await container.remove({ force: true, v: true }).catch(() => undefined); // the engine may have been quicker
        }
    }

    /** Removes the containers with a label that were made longer ago than that, by the engine's clock. */
    async removeStrays(label: string, olderThanMs: number): Promise<void> {
        const strays = await this.client.listContainers({ all: true, filters: { label: [label] } });
        if (strays.length === 0) return;
        const { SystemTime } = (await this.client.info()) as { SystemTime: string };
        const before = Date.parse(SystemTime) - olderThanMs;
        const old = strays.filter(({ Created }) => Created * 1_000 < before);
        await Promise.all(old.map(({ Id }) => this.client.getContainer(Id).remove({ force: true, v: true })));
    }

    /** All containers of this engine, also those that have stopped, with the host ports they publish. */
    async containers(): Promise<Docker.ContainerInfo[]> {
        return this.client.listContainers({ all: true });
    }

    /** @returns undefined where there is no such container */
    async inspect(id: string): Promise<Docker.ContainerInspectInfo | undefined> {
        return found(() => this.client.getContainer(id).inspect());
    }

    /** What a container wrote since a time, standard error and standard output together. */
    async logs(id: string, since: Date): Promise<string> {
        const raw = await this.client.getContainer(id).logs({
            stdout: true,
            stderr: true,
            since: Math.floor(since.getTime() / 1000),
            tail: 2_000,
        });
        return withoutFrames(raw);
    }

    async volumes(label: string): Promise<string[]> {
        const { Volumes } = await this.client.listVolumes({ filters: { label: [label] } });
        return Volumes.map(({ Name }) => Name);
    }

    async removeVolume(name: string): Promise<void> {
        await this.client.getVolume(name).remove();
    }
}

/** A container's name, as a person writes it. */
export const nameOf = ({ Names }: Docker.ContainerInfo) => Names[0]?.replace(/^\//, "") ?? "a container without a name";

/** Without DOCKER_HOST, which brings its own certificates along. */
function connection(host: string): Docker.DockerOptions {
    const { protocol, hostname, port, username, pathname } = new URL(host);
    if (protocol === "unix:") return { socketPath: pathname };
    return {
        protocol: protocol === "ssh:" ? "ssh" : "http",
        host: hostname,
        port: port || undefined,
        username: username || undefined,
    };
}

async function found<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
        return await look();
    } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return undefined;
        throw error;
    }
}

/** Whatever came until the end, also where that was the end of somebody who did not read all that was written to it. */
async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
    const chunks: Buffer[] = [];
    try {
        for await (const chunk of stream) chunks.push(chunk as Buffer);
    } catch {
        // How it ended is told by its exit code.
    }
    return withoutFrames(Buffer.concat(chunks));
}

/** Docker puts eight bytes before each piece of output: its stream and its length. */
function withoutFrames(raw: Buffer): string {
    const header = 8;
    const pieces: string[] = [];
    for (let offset = 0; offset + header <= raw.length;) {
        const length = raw.readUInt32BE(offset + 4);
        pieces.push(raw.toString("utf8", offset + header, offset + header + length));
        offset += header + length;
    }
    return pieces.join("");
}
