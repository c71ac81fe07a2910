import Docker from "dockerode";
import { invalid, InvalidInput } from "../../errors";

/** A host port that a stack is going to publish. */
export interface HostPort {
    address: string;
    port: number;
}

/** Asks a Docker Engine what the provider has no resource for. It changes nothing. */
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
