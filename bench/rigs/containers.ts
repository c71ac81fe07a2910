import Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../components/errors";
import { collectorReadiness, TIER_DEFAULTS } from "../../components/tier";

/** A collector to run as it stands, without a stack. */
export interface CollectorSpec {
    name: string;
    /** Its configuration, as YAML. */
    config: string;
    environment?: Record<string, string>;
    /** Where its queue's volume is mounted; absent: it has none. */
    storage?: string;
    memoryBytes?: number;
    /** Ports of 127.0.0.1 by the port that they lead to. */
    published?: Record<number, number>;
    /** A name that it shares with others of its tier. */
    alias?: string;
}

const readyMs = 30_000;
const pollMs = 100;
export const label = "otel-collector-tiers.bench";

/** Collectors in plain containers on a network of their own: what the stacks are compared with. */
export class Containers {
    private readonly docker = new Docker();
    private readonly prefix = `bench-${randomBytes(3).toString("hex")}`;
    private readonly names: string[] = [];

    /** Starts collectors, one after another is ready. */
    async run(specs: CollectorSpec[]): Promise<void> {
        if (this.names.length === 0) await this.docker.createNetwork({ Name: this.prefix, Labels: { [label]: "" } });
        for (const spec of specs) {
            await this.create(spec);
            await this.start(spec.name);
        }
    }

    container(name: string): Docker.Container {
        return this.docker.getContainer(`${this.prefix}-${name}`);
    }

    /** Starts one that stands still; resolves once it is ready in this life. */
    async start(name: string): Promise<void> {
        const container = this.container(name);
        await container.start();
        const { State } = await container.inspect();
        const since = Math.floor(new Date(State.StartedAt).getTime() / 1_000);
        const deadline = Date.now() + readyMs;
        for (;;) {
            const said = (await container.logs({ stdout: true, stderr: true, since })).toString();
            if (said.includes(collectorReadiness.logLine)) return;
            if (Date.now() > deadline) throw new InvalidInput(`${name} was not ready within ${readyMs} ms: ${said}`);
            await delay(pollMs);
        }
    }

    /** Its address on Docker's bridge, which this machine reaches. */
    async address(name: string): Promise<string> {
        const { NetworkSettings } = await this.container(name).inspect();
        return NetworkSettings.Networks[this.prefix]?.IPAddress ?? "";
    }

    /** CPU seconds that each has taken since it was created, by its cgroup. */
    async cpuSeconds(names = this.names): Promise<Record<string, number>> {
        const entries = names.map(async (name) => [name, await cpuSecondsOf(this.container(name))] as const);
        return Object.fromEntries(await Promise.all(entries));
    }

    /** One after another: many at once have left Docker with a network that it took for one in use, and would not remove. */
    async destroy(): Promise<void> {
        for (const name of this.names) await this.container(name).remove({ force: true, v: true });
        await this.docker.getNetwork(this.prefix).remove();
    }

    /** Removes one, as its tier's scale-in does. */
    async remove(name: string): Promise<void> {
        const container = this.container(name);
        const { State } = await container.inspect();
        if (State.Running) await container.stop();
        await container.remove({ v: true });
        this.names.splice(this.names.indexOf(name), 1);
    }

    private async create({ name, config, environment = {}, published = {}, ...spec }: CollectorSpec): Promise<void> {
        const { storage, memoryBytes, alias } = spec;
        await this.docker.createContainer({
            name: `${this.prefix}-${name}`,
            Image: TIER_DEFAULTS.image,
            Cmd: ["--config=env:COLLECTOR_CONFIG"],
            Env: Object.entries({ COLLECTOR_CONFIG: config, REPLICA_NAME: name, ...environment }).map(
                ([key, value]) => `${key}=${value}`,
            ),
            Labels: { [label]: "" },
            Volumes: storage ? { [storage]: {} } : {},
            ExposedPorts: Object.fromEntries(Object.keys(published).map((port) => [`${port}/tcp`, {}])),
            HostConfig: {
                Memory: memoryBytes,
                NetworkMode: this.prefix,
                PortBindings: Object.fromEntries(
                    Object.entries(published).map(([port, host]) => [
                        `${port}/tcp`,
                        [{ HostIp: "127.0.0.1", HostPort: String(host) }],
                    ]),
                ),
            },
            NetworkingConfig: { EndpointsConfig: { [this.prefix]: { Aliases: [name, ...(alias ? [alias] : [])] } } },
        });
        this.names.push(name);
    }
}

/** CPU seconds that a container has taken since it was started, by its cgroup. */
export async function cpuSecondsOf(container: Docker.Container): Promise<number> {
    const stats = await container.stats({ stream: false, "one-shot": true });
    return stats.cpu_stats.cpu_usage.total_usage / 1e9;
}

/** Bytes that belong to the process and nobody else: page cache, of a queue's file too, goes when others need it. */
export async function memoryOf(container: Docker.Container): Promise<{ bytes: number; limit: number }> {
    const [stats, { HostConfig }] = await Promise.all([
        container.stats({ stream: false, "one-shot": true }),
        container.inspect(),
    ]);
    const { usage, stats: pages } = stats.memory_stats;
    return { bytes: usage - pageCache(pages), limit: HostConfig.Memory ?? 0 };
}

/** As cgroup version 1 has it, or version 2. */
function pageCache(pages: Docker.MemoryStats["stats"] & { file?: number }): number {
    return pages.total_cache ?? pages.file ?? 0;
}
