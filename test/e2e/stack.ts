import Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectName } from "../../commands/reason";
import { bringUp, openStack, type Stack, type StackOutputs, takeDown } from "../../commands/stack";
import { removeLeftovers } from "../../components/platform";

export const docker = new Docker();
const project = join(__dirname, "../..");

export type Configuration = Record<string, unknown>;

/** A stack of its own, with a state, a configuration and ports of its own, on the real engine and the real Docker. */
export class TestStack {
    outputs!: StackOutputs;
    /** Resources that the last `up` changed. */
    changes = 0;

    private constructor(
        readonly name: string,
        private readonly folder: string,
        private readonly stack: Stack,
        private readonly fixed: Configuration,
    ) {}

    static async create(): Promise<TestStack> {
        const folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-e2e-"));
        const name = `e2e-${randomBytes(3).toString("hex")}`;
        copyFileSync(join(project, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
        writeFileSync(join(folder, "index.ts"), ""); // the engine looks for it; the program is the real one, in this process
        const ports = await freePorts(10);
        const fixed = { grpcPorts: [ports[0]], httpPorts: [ports[1]], metricsPorts: [ports[2]], tapPort: ports[3] };
        const envVars = {
            PULUMI_BACKEND_URL: `file://${folder}/state?create_dir=true`,
            PULUMI_CONFIG_PASSPHRASE: "test",
        };
        return new TestStack(name, folder, await openStack(name, { workDir: folder, envVars }), fixed);
    }

    /** `pulumi config set`, for many keys at once; what is not named has its default. */
    configure(configuration: Configuration): void {
        const config: Configuration = {};
        for (const [key, value] of Object.entries({ ...this.fixed, ...configuration }))
            config[`${projectName}:${key}`] = value;
        writeFileSync(join(this.folder, `Pulumi.${this.name}.yaml`), stringify({ config }));
    }

    /** @param secrets `pulumi config set --secret --path`, by path */
    async up(configuration: Configuration, secrets: Record<string, string> = {}): Promise<StackOutputs> {
        this.configure(configuration);
        for (const [path, value] of Object.entries(secrets)) {
            await this.stack.engine.setConfig(path, { value, secret: true }, true);
        }
        const { outputs, changes } = await bringUp(this.stack);
        this.outputs = outputs;
        this.changes = changes;
        return outputs;
    }

    /** `pulumi up --refresh`: what somebody removed by hand is made again. */
    async recover(configuration: Configuration): Promise<void> {
        this.configure(configuration);
        await this.stack.engine.up({ refresh: true });
    }

    /** Fails when the engine finds anything to do. */
    async expectNoChanges(options: { refresh?: boolean } = {}): Promise<void> {
        await this.stack.engine.up({ expectNoChanges: true, ...options });
    }

    async preview(configuration: Configuration): Promise<string> {
        this.configure(configuration);
        return (await this.stack.engine.preview({ diff: true })).stdout;
    }

    /** All that the engine wrote about this stack. */
    stateText(): string {
        const folder = join(this.folder, "state");
        const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
    }

    /** The ids of the containers by the name of their replica. */
    async containers(): Promise<Record<string, string>> {
        const prefix = this.containerName("");
        const all = await docker.listContainers({ all: true });
        const own = all.flatMap(({ Id, Names }) => Names.map((name) => [name.slice(1), Id] as const));
        return Object.fromEntries(
            own.filter(([name]) => name.startsWith(prefix)).map(([name, id]) => [name.slice(prefix.length), id]),
        );
    }

    container(replica: string): Docker.Container {
        return docker.getContainer(this.containerName(replica));
    }

    private containerName(replica: string): string {
        return `${projectName}-${this.name}-${replica}`;
    }

    async destroy(): Promise<void> {
        await takeDown(this.stack);
        await removeLeftovers("docker", projectName, this.name);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Runs a test on a stack that is gone afterwards, whatever happened. */
export async function withStack(test: (stack: TestStack) => Promise<void>): Promise<void> {
    const stack = await TestStack.create();
    try {
        await test(stack);
    } finally {
        await stack.destroy();
    }
}

/** A file out of a container, which needs no program in its image. */
export async function readFile(container: Docker.Container, path: string): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of await container.getArchive({ path })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
}

/** Ports that nobody listens on; neighbours in pairs, so that several lbs find room too. */
export async function freePorts(count: number): Promise<number[]> {
    const base = 15_000 + Math.floor(Math.random() * 1_000) * 10;
    const candidates = Array.from({ length: count }, (_, index) => base + index * 40);
    const free = await Promise.all(candidates.map(isFree));
    return free.every(Boolean) ? candidates : freePorts(count);
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer();
        server.once("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
}
