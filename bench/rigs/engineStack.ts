import { randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { projectName } from "../../engine/reason";
import {
    bringUp,
    openStack,
    project,
    type Stack,
    type StackOutputs,
    takeDown,
    whereaboutsOf,
} from "../../engine/stack";
import { removeLeftovers } from "../../components/platform";

export type Configuration = Record<string, unknown>;

export const newStackName = (whose: string) => `${whose}-${randomBytes(3).toString("hex")}`;

interface Opened {
    name: string;
    folder: string;
    stack: Stack;
    /** What the stack is configured with in any case. */
    fixed: Configuration;
}

/** A stack of its own, with a state and a configuration of its own, on the real engine. */
export class EngineStack {
    outputs!: StackOutputs;
    /** Resources that the last `up` changed. */
    changes = 0;
    readonly name: string;
    readonly folder: string;
    private readonly stack: Stack;
    private readonly fixed: Configuration;

    constructor({ name, folder, stack, fixed }: Opened) {
        this.name = name;
        this.folder = folder;
        this.stack = stack;
        this.fixed = fixed;
    }

    /** @param folder of a stack that exists, to open it in another process; a new one otherwise */
    static async open(name: string, fixed: Configuration, folder = newFolder()): Promise<Opened> {
        copyFileSync(join(project, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
        writeFileSync(join(folder, "index.ts"), ""); // the engine looks for it; the program is the real one, in this process
        const envVars = {
            PULUMI_BACKEND_URL: `file://${folder}/state?create_dir=true`,
            PULUMI_CONFIG_PASSPHRASE: "test",
        };
        return { name, folder, fixed, stack: await openStack(name, { workDir: folder, envVars }) };
    }

    private get settingsFile(): string {
        return join(this.folder, `Pulumi.${this.name}.yaml`);
    }

    /** `pulumi config set`, for many keys at once; what is not named has its default. */
    configure(configuration: Configuration): void {
        const config: Configuration = {};
        for (const [key, value] of Object.entries({ ...this.fixed, ...configuration }))
            config[`${projectName}:${key}`] = value;
        writeFileSync(this.settingsFile, stringify({ config }));
    }

    /** @param secrets `pulumi config set --secret --path`, by path */
    async up(configuration: Configuration, secrets: Record<string, string> = {}): Promise<StackOutputs> {
        this.configure(configuration);
        for (const [path, value] of Object.entries(secrets)) {
            await this.stack.engine.setConfig(path, { value, secret: true }, true);
        }
        await this.upAsConfigured();
        return this.outputs;
    }

    async upAsConfigured(): Promise<void> {
        const { outputs, changes } = await bringUp(this.stack);
        this.outputs = outputs;
        this.changes = changes;
    }

    /** `pulumi cancel`: takes the lock away that a killed update left. */
    async unlock(): Promise<void> {
        await this.stack.engine.cancel();
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
        return this.previewAsConfigured();
    }

    /** @param changed `pulumi config set`, key by key, so that secrets stay */
    async previewAsConfigured(changed: Record<string, string> = {}): Promise<string> {
        for (const [key, value] of Object.entries(changed)) await this.stack.engine.setConfig(key, { value });
        return (await this.stack.engine.preview({ diff: true })).stdout;
    }

    settingsText(): string {
        return readFileSync(this.settingsFile, "utf8");
    }

    /** All that the engine wrote about this stack. */
    stateText(): string {
        const folder = join(this.folder, "state");
        const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
    }

    /** `pulumi destroy`, which knows nothing of what the commands here do beyond it. */
    async plainDestroy(): Promise<void> {
        await this.stack.engine.destroy();
    }

    async destroy(): Promise<void> {
        const where = await whereaboutsOf(this.stack);
        await takeDown(this.stack);
        await removeLeftovers(where, projectName, this.name);
        rmSync(this.folder, { recursive: true, force: true });
    }
}

const newFolder = () => mkdtempSync(join(tmpdir(), "otel-collector-tiers-stack-"));

/** Runs a test on a stack that is gone afterwards, whatever happened. */
export async function onStack<T extends EngineStack>(stack: T, test: (stack: T) => Promise<void>): Promise<void> {
    try {
        await test(stack);
    } finally {
        await stack.destroy();
    }
}
