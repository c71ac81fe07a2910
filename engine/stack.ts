import { RunError } from "@pulumi/pulumi/errors";
import {
    type LocalWorkspaceOptions,
    LocalWorkspace,
    type OutputMap,
    type Stack as EngineStack,
} from "@pulumi/pulumi/automation";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Known, reach, type Reach, type Whereabouts } from "../components/platform";
import topology from "../index";
import { Progress } from "./progress";
import { projectName, reasonOf, settingsFile, toldBy } from "./reason";

export const project = join(__dirname, "..");

/** What `index.ts` returns, once a stack is up. */
export interface StackOutputs {
    platform: string;
    location: Record<string, string>;
    resolver: string;
    gateways: string[];
    grpc: string[];
    http: string[];
    /** What the lbs ask of their clients; absent: nothing. */
    access?: Known["access"];
    metrics: string[];
    /** As the two above: empty where the platform publishes none. */
    tap: string;
    backends: string[];
    /** What the stack gives up, as "id: guarantee". */
    waived: string[];
}

/** An update that failed, in its own words. */
export class UpdateFailed extends RunError {}

export interface Stack {
    name: string;
    engine: EngineStack;
    /** Set by the program when it fails. */
    failed: AbortController;
}

/** A stack by its name, made on first use; `index.ts` runs in this process, so no language host is needed. */
export async function openStack(stackName: string, options: LocalWorkspaceOptions = {}): Promise<Stack> {
    const workDir = options.workDir ?? project;
    const failed = new AbortController();
    const program = async () => {
        try {
            return await topology();
        } catch (error) {
            failed.abort(error);
            throw error;
        }
    };
    const names = { stackName, projectName };
    try {
        const engine = await LocalWorkspace.createOrSelectStack({ ...names, program }, { ...options, workDir });
        return { name: stackName, engine, failed };
    } catch (error) {
        throw new UpdateFailed(toldBy(error as Error));
    }
}

/** Brings a stack up, telling each change as it is made. */
export async function bringUp(stack: Stack): Promise<{ outputs: StackOutputs; changes: number }> {
    const { outputs, summary } = await operate(stack, (progress, signal) =>
        stack.engine.up({ onEvent: progress.event, signal, showSecrets: false }),
    );
    const changed = Object.entries(summary.resourceChanges ?? {}).filter(([op]) => op !== "same");
    return { outputs: plain(outputs), changes: changed.reduce((sum, [, count]) => sum + count, 0) };
}

/** Destroys everything in a stack, then the stack; its configuration stays, without the key that nothing uses any more. */
export async function takeDown(stack: Stack): Promise<void> {
    const { engine, name } = stack;
    await operate(stack, (progress) => engine.destroy({ onEvent: progress.event }));
    await engine.workspace.removeStack(name, { preserveConfig: true });
    const file = settingsFile(engine.workspace.workDir, name);
    const settings = readFileSync(file, "utf8");
    if (!settings.includes("secure:")) writeFileSync(file, settings.replace(/^encryptionsalt:.*\n/m, ""));
}

/** @throws UpdateFailed when the stack is not up */
export async function outputsOf({ name, engine }: Stack): Promise<StackOutputs> {
    const outputs = await engine.outputs();
    if (!outputs.platform) throw new UpdateFailed(`the stack ${name} is not up; run: npm start -- --stack ${name}`);
    return plain(outputs);
}

/** Does something with the ways from this machine to a stack that is up. */
export async function throughTo<T>(outputs: StackOutputs, act: (target: Reach) => Promise<T>): Promise<T> {
    const target = await reach(outputs);
    try {
        return await act(target);
    } finally {
        await target.close();
    }
}

interface StateResource {
    type: string;
    inputs?: Record<string, unknown>;
}

/** Where the resources of a stack are, as its state says; where there is none, as its settings would have it. */
export async function whereaboutsOf({ engine }: Stack): Promise<Whereabouts> {
    const { deployment } = (await engine.exportStack()) as { deployment: { resources?: StateResource[] } };
    const { resources = [] } = deployment;
    const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
    if (provider) {
        const { context, namespace } = provider.inputs as { context: string; namespace: string };
        const ownsNamespace = resources.some(({ type }) => type === "kubernetes:core/v1:Namespace");
        return { platform: "kubernetes", context, namespace, ownsNamespace };
    }
    const settings = await engine.getAllConfig();
    const setting = (key: string) => settings[`${projectName}:${key}`]?.value;
    const context = setting("context");
    if (resources.length > 0 || setting("platform") !== "kubernetes" || !context) return { platform: "docker" };
    const namespace = setting("namespace") ?? "otel-collector-tiers";
    return { platform: "kubernetes", context, namespace, ownsNamespace: setting("createNamespace") !== "false" };
}

function plain(outputs: OutputMap): StackOutputs {
    const values = Object.entries(outputs).map(([name, output]) => [name, output.value as unknown]);
    return Object.fromEntries(values) as StackOutputs;
}

/** How long a program that failed may take to end by itself. */
const endMs = 2_000;

/**
 * Runs an operation of the engine. A program in the engine's own process would end with a replica that is not ready;
 * in this one the SDK goes on waiting for the resources after it, so the engine is asked to stop.
 */
export async function operate<T>(
    { engine, name, failed }: Stack,
    operation: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
    const progress = new Progress();
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const onFailure = () => (timer = setTimeout(() => stop.abort(), endMs));
    failed.signal.addEventListener("abort", onFailure, { once: true });
    const uninterrupt = leaveInterruptToEngine();
    try {
        return await operation(progress, stop.signal);
    } catch (error) {
        throw new UpdateFailed(await reasonOf(error as Error, progress.errors, { engine, name }));
    } finally {
        uninterrupt();
        clearTimeout(timer);
        failed.signal.removeEventListener("abort", onFailure);
    }
}

/** A terminal's Ctrl-C reaches the engine too, which ends what it has begun and notes it down, if this process lives on. */
function leaveInterruptToEngine(): () => void {
    let interrupted = false;
    const onInterrupt = () => {
        if (interrupted) process.exit(130);
        interrupted = true;
        process.stderr.write("Stopping once what has begun is done; Ctrl-C again stops at once\n");
    };
    process.on("SIGINT", onInterrupt);
    return () => process.off("SIGINT", onInterrupt);
}
