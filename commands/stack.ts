import { type EngineEvent, LocalWorkspace, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import { RunError } from "@pulumi/pulumi/errors";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import topology from "../index";

const project = join(__dirname, "..");
export const projectName = "otel-collector-tiers";

/** What `index.ts` returns, once a stack is up. */
export interface StackOutputs {
    platform: string;
    resolver: string;
    gateways: string[];
    grpc: string[];
    http: string[];
    metrics: string[];
    tap: string;
    backends: string[];
}

/** An update that failed, in its own words. */
export class UpdateFailed extends RunError {}

/** A stack by its name, made on first use; `index.ts` runs in this process, so no language host is needed. */
export async function openStack(stackName: string): Promise<Stack> {
    return told(stackName, () =>
        LocalWorkspace.createOrSelectStack({ stackName, projectName, program: topology }, { workDir: project }),
    );
}

/** Brings a stack up, telling each change as it is made. */
export async function bringUp(stack: Stack): Promise<{ outputs: StackOutputs; changes: number }> {
    const progress = new Progress();
    const { outputs, summary } = await told(
        stack.name,
        () => stack.up({ onEvent: progress.event, showSecrets: false }),
        progress,
    );
    const changed = Object.entries(summary.resourceChanges ?? {}).filter(([op]) => op !== "same");
    return { outputs: plain(outputs), changes: changed.reduce((sum, [, count]) => sum + count, 0) };
}

/** Destroys everything in a stack, then the stack; its configuration stays, without the key that nothing uses any more. */
export async function takeDown(stack: Stack): Promise<void> {
    const progress = new Progress();
    await told(stack.name, () => stack.destroy({ onEvent: progress.event }), progress);
    await stack.workspace.removeStack(stack.name, { preserveConfig: true });
    const file = join(stack.workspace.workDir, `Pulumi.${stack.name}.yaml`);
    const settings = readFileSync(file, "utf8");
    if (!settings.includes("secure:")) writeFileSync(file, settings.replace(/^encryptionsalt:.*\n/m, ""));
}

/** @throws UpdateFailed when the stack is not up */
export async function outputsOf(stack: Stack): Promise<StackOutputs> {
    const outputs = await stack.outputs();
    if (!outputs.tap)
        throw new UpdateFailed(`the stack ${stack.name} is not up; run: npm start -- --stack ${stack.name}`);
    return plain(outputs);
}

function plain(outputs: OutputMap): StackOutputs {
    return Object.fromEntries(
        Object.entries(outputs).map(([name, { value }]) => [name, value]),
    ) as unknown as StackOutputs;
}

const verbs: Record<string, string> = {
    create: "created",
    update: "updated",
    "create-replacement": "created again",
    "delete-replaced": "removed the old",
    delete: "removed",
};

/** Tells what the engine does, and keeps what it says went wrong. */
class Progress {
    readonly errors: string[] = [];
    private readonly started = new Map<string, number>();

    readonly event = ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void => {
        if (resourcePreEvent) this.started.set(resourcePreEvent.metadata.urn, performance.now());
        if (resOutputsEvent) this.done(resOutputsEvent.metadata.urn, resOutputsEvent.metadata.op);
        if (diagnosticEvent?.severity === "error") this.errors.push(diagnosticEvent.message);
    };

    private done(urn: string, op: string): void {
        const [type = "", name = ""] = urn.split("::").slice(-2);
        const verb = verbs[op];
        const isContainer = type.endsWith("docker:index/container:Container");
        if (!verb || !isContainer) return;
        const seconds = ((performance.now() - (this.started.get(urn) ?? performance.now())) / 1_000).toFixed(1);
        process.stderr.write(`  ${verb} ${name} (${seconds} s)\n`);
    }
}

/** Runs a step of the engine and, where it fails, says why in the words of whoever refused. */
async function told<T>(stack: string, work: () => Promise<T>, progress?: Progress): Promise<T> {
    try {
        return await work();
    } catch (error) {
        throw new UpdateFailed(reason(stack, error as Error, progress?.errors ?? []));
    }
}

function reason(stack: string, error: Error, diagnostics: string[]): string {
    const lines = (diagnostics.length > 0 ? diagnostics : error.message.split("\n"))
        .map((line) => line.replace(/<\{%.*?%\}>/g, "").trim())
        .filter((line) => diagnostics.length > 0 || line.startsWith("error:"));
    const said = [...new Set(lines.map((line) => line.replace(/^error: /, "")))];
    return withValue(stack, said.join("\n") || error.message);
}

/** The engine checks the types of the configuration and says which key is wrong, but not what stands there. */
function withValue(stack: string, message: string): string {
    const [, key] = /configuration key '(\w+)' must be of type/.exec(message) ?? [];
    if (!key) return message;
    const settings = readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8");
    const [, value] = new RegExp(`^\\s*["']?${projectName}:${key}["']?:\\s*(.+)$`, "m").exec(settings) ?? [];
    return value ? `${message}, not ${value}` : message;
}
