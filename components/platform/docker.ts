import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { Resolver } from "../collector/resolver";
import { invalid } from "../errors";
import { DockerEngine, nameOf } from "./docker/engine";
import { FileVolume } from "./docker/FileVolume";
import { hardened } from "./docker/hardened";
import { DockerEnvironment, labelOf, labels } from "./docker/DockerEnvironment";
import { preflight, type Requirements } from "./docker/preflight";
import { addresses, publications } from "./docker/publication";
import { untilReady } from "./docker/readiness";
import { validate } from "./docker/validate";
import type {
    CollectorToValidate,
    IssuedIdentityArgs,
    Location,
    Platform,
    Readiness,
    Workload,
    WorkloadNames,
    WorkloadSpec,
} from "./platform";
import { defaultPrefix } from "./prefix";
import { waitAfter } from "./waiting";

export interface DockerPlatformArgs {
    /**
     * The engine: "unix:///path", "tcp://host:port" or "ssh://user@host".
     * @default - DOCKER_HOST, else the usual socket
     */
    host?: string;
    /**
     * What the names of all containers, volumes and the network begin with; also the label they carry.
     * @default - "<project>-<stack>"
     */
    prefix?: string;
}

/** The replicas whose turn is before another's. */
type Turn = Promise<docker.Container>[];

const mebibyte = 2 ** 20;
const replicaName = (workload: string, index: number) => `${workload}-${index + 1}`;

/** Local Docker: one network, a container for each replica, a named volume for what it has to keep. */
export class DockerPlatform implements Platform {
    readonly name = "docker";
    readonly resolvers = [Resolver.static, Resolver.dns];
    readonly dnsRefresh = "100ms";
    readonly noticeSeconds = { ring: 1.5, sharedHost: 0 }; // two questions to the DNS and a connection

    readonly location: Location;

    private readonly engine: DockerEngine;
    private readonly prefix: string;
    private readonly waits: Promise<void>[] = [];
    private running: Set<string> | undefined;
    private environment: DockerEnvironment | undefined;

    /** @param args where the engine is, and what is created there begins with; nothing is created yet */
    constructor(private readonly args: DockerPlatformArgs = {}) {
        this.engine = new DockerEngine(engineHost(args));
        this.prefix = prefixOf(args);
        this.location = { engine: this.engine.host, prefix: this.prefix };
    }

    /**
     * Looks whether everything that a stack needs is there, so that nothing is left half done.
     * @throws InvalidInput when Docker does not answer, an image does not exist, or a port is taken
     */
    async require(requirements: Requirements): Promise<void> {
        this.running = await preflight(this.engine, labelOf(this.prefix), requirements);
    }

    isReachable(address: string): boolean {
        return !address.startsWith("127.");
    }

    async validate(collectors: CollectorToValidate[]): Promise<void> {
        await validate(this.engine, this.prefix, collectors);
    }

    names(workload: string, replicas: number): WorkloadNames {
        return {
            hosts: Array.from({ length: replicas }, (_, index) => replicaName(workload, index)),
            sharedHost: workload,
        };
    }

    run(name: string, spec: WorkloadSpec, parent: pulumi.Resource): Workload {
        if (spec.scaling) throw invalid(`the scaler of ${name}`, spec.scaling.by, "none, on the platform docker");
        const names = this.names(name, spec.replicas);
        const indexes = [...names.hosts.keys()];
        const running = indexes.filter((index) => this.isRunning(replicaName(name, index)));
        const away = indexes.filter((index) => !running.includes(index));
        const readiness = running.length > 0 ? spec.readiness : withoutSettling(spec.readiness);
        const files = this.files(name, spec, parent);
        const start = (index: number, turn: Turn) => {
            const container = this.replica(name, index, { spec, files, turn }, parent);
            return this.whenReady(container, readiness);
        };

        // The roll then finds none missing, also where an update before this one was killed half-way.
        const ready = away.map((index) => start(index, []));
        for (const index of running) ready.push(start(index, [...ready]));
        return { ...names, published: addresses(spec.ports), ready };
    }

    /** Where nobody looked, all are taken for running: so at most one is ever away. */
    private isRunning(replica: string): boolean {
        return this.running === undefined || this.running.has(`${this.prefix}-${replica}`);
    }

    private files(workload: string, { files, image }: WorkloadSpec, parent: pulumi.Resource): FileVolume | undefined {
        if (!files) return undefined;
        const shared = this.shared();
        const args = { files, image: shared.image(image).imageId, prefix: this.prefix, provider: shared.provider };
        return new FileVolume(`${workload}-files`, args, { parent });
    }

    private replica(
        workload: string,
        index: number,
        { spec, files, turn }: { spec: WorkloadSpec; files: FileVolume | undefined; turn: Turn },
        parent: pulumi.Resource,
    ): docker.Container {
        const name = replicaName(workload, index);
        const shared = this.shared();
        const memory = Math.floor(spec.resources.memoryBytes / mebibyte);
        // Waited for, and not depended on: replicas that are removed together go at once, in one change of the ring.
        const inTurn = Promise.all(turn).then(() => shared.network);
        return new docker.Container(
            name,
            {
                name: `${this.prefix}-${name}`,
                image: shared.image(spec.image).imageId,
                command: [...(files?.args ?? []), ...spec.args],
                envs: environment(name, spec),
                labels: labels(this.prefix),
                restart: "unless-stopped",
                networksAdvanced: [{ name: shared.network.name, aliases: [name, workload] }],
                hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
                ports: publications(spec.ports, index),
                volumes: [
                    ...(files ? [files.mount] : []),
                    ...(spec.storage
                        ? [{ volumeName: this.volume(name, parent).name, containerPath: spec.storage.path }]
                        : []),
                ],
                ...hardened,
                memory,
                memorySwap: memory, // unset, the provider reads back another value and every preview shows an update
                cpus: spec.resources.cores?.toString(),
                stopTimeout: spec.stopGraceSeconds,
                destroyGraceSeconds: spec.stopGraceSeconds,
                logDriver: "json-file",
                logOpts: { "max-size": "10m", "max-file": "3" },
            },
            {
                parent,
                provider: shared.provider,
                dependsOn: [inTurn, ...(spec.after ?? []), ...(files ? [files] : [])],
                deleteBeforeReplace: true,
            },
        );
    }

    secret(name: string): never {
        throw invalid("a certificate", `the Secret ${name}`, "a file, on the platform docker");
    }

    issuedIdentity(name: string, { issuer }: IssuedIdentityArgs): never {
        throw invalid(`the issuer of ${name}`, issuer?.name, "none, on the platform docker");
    }

    async settled(): Promise<void> {
        await Promise.all(this.waits);
    }

    /** The container, held back until it is ready; in a preview nothing is waited for. */
    private async whenReady(container: docker.Container, readiness: Readiness | undefined): Promise<docker.Container> {
        if (pulumi.runtime.isDryRun()) return container;
        const ready = waitAfter(container.id, (id) => untilReady(this.engine, id, readiness));
        this.waits.push(ready);
        await ready;
        return container;
    }

    /** Kept when its replica goes: what is in its queue has been acknowledged, and the replica's successor delivers it. */
    private volume(name: string, parent: pulumi.Resource): docker.Volume {
        const options = { parent, provider: this.shared().provider, retainOnDelete: true };
        return new docker.Volume(name, { name: `${this.prefix}-${name}`, labels: labels(this.prefix) }, options);
    }

    private shared(): DockerEnvironment {
        return (this.environment ??= new DockerEnvironment(this.args.prefix ?? this.name, {
            host: engineHost(this.args),
            prefix: this.prefix,
        }));
    }
}

/** The containers that carry a stack's label. */
export async function dockerContainers(project: string, stack: string): Promise<{ id: string; name: string }[]> {
    const label = labelOf(defaultPrefix(project, stack));
    const containers = (await new DockerEngine(engineHost({})).containers()).filter(({ Labels }) => label in Labels);
    return containers.map((container) => ({ id: container.Id, name: nameOf(container) }));
}

/** Removes the volumes that outlived a destroyed stack, with everything that is still in them. */
export async function removeDockerVolumes(project: string, stack: string): Promise<void> {
    const engine = new DockerEngine(engineHost({}));
    const volumes = await engine.volumes(labelOf(defaultPrefix(project, stack)));
    for (const volume of volumes) await engine.removeVolume(volume);
}

function engineHost({ host }: DockerPlatformArgs): string {
    return host ?? process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
}

function prefixOf({ prefix }: DockerPlatformArgs): string {
    return prefix ?? defaultPrefix(pulumi.getProject(), pulumi.getStack());
}

/** Nobody sends yet to a workload of which nothing runs, so nobody has to notice its replicas. */
function withoutSettling(readiness: Readiness | undefined): Readiness | undefined {
    return readiness && { ...readiness, settleSeconds: 0 };
}

function environment(replica: string, { environment = {} }: WorkloadSpec): string[] {
    return Object.entries({ REPLICA_NAME: replica, ...environment }).map(([name, value]) => `${name}=${value}`);
}
