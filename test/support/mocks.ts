import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs, MockResourceResult } from "@pulumi/pulumi/runtime/mocks";
import { projectName } from "./stackSettings";

/** Everything about one resource that the engine would have been told. */
export interface Recorded {
    type: string;
    name: string;
    urn: string;
    parent: string;
    /** Without the marks of secrets; a value that a preview does not know is `unknown`. */
    inputs: Record<string, unknown>;
    /** The paths of the inputs that are secrets, as in "uploads.0.content". */
    secrets: string[];
    dependencies: string[];
    provider: string;
    retainOnDelete: boolean;
    deleteBeforeReplace: boolean;
    ignoreChanges: string[];
    /** The names of the outputs that the engine is told to keep as secrets. */
    secretOutputs: string[];
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getProvider(): string;
    getDependenciesList(): string[];
    getRetainondelete(): boolean;
    getDeletebeforereplace(): boolean;
    getIgnorechangesList(): string[];
    getAdditionalsecretoutputsList(): string[];
    getObject(): { toJavaScript(): Record<string, unknown> };
}

interface OutputsRequest {
    getUrn(): string;
    getOutputs(): { toJavaScript(): Record<string, unknown> };
}

type Answer = (error: unknown, response: { getUrn(): string } | undefined) => void;

interface Monitor {
    registerResource(request: RegisterRequest, answer: Answer): Promise<void>;
    registerResourceOutputs(request: OutputsRequest, answer: Answer): void;
}

interface RuntimeInternals {
    getMonitor(): Monitor;
    waitForRPCs(): Promise<void>;
}

const internals = pulumi.runtime as unknown as RuntimeInternals;

export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: unknown): value is { value: unknown } {
    return (value as Record<string, unknown> | null)?.[signatureKey] === secretSignature;
}

function secretsIn(value: unknown, path: string[] = []): string[] {
    if (typeof value !== "object" || value === null) return [];
    if (isSecret(value)) return [path.join(".")];
    return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, [...path, key]));
}

function plain(value: unknown): unknown {
    if (isSecret(value)) return plain(value.value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** What an engine would have answered: in a preview, ids and what a provider computes are not known yet. */
function answerTo({ type, name, inputs }: MockResourceArgs, preview: boolean): MockResourceResult {
    const known = withName(type, name, inputs as Record<string, unknown>);
    if (type === "pulumi:index:Stash") return { id: `${name}-id`, state: { ...known, output: known.input } };
    if (preview) return { id: undefined, state: known };
    const computed = type === "docker:index/remoteImage:RemoteImage" ? { imageId: `sha256:${name}` } : {};
    return { id: `${name}-id`, state: { ...withNodePorts(type, known), ...computed } };
}

/** What the engine ends the names with that it gives itself, in these tests. */
export const autoNamed = (name: string) => `${name}-00000000`;

/** The ports of nodes that a cluster chooses for a Service. */
function withNodePorts(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
    const { spec } = inputs as { spec?: { type?: string; ports?: { port: number }[] } };
    if (type !== "kubernetes:core/v1:Service" || spec?.type !== "NodePort") return inputs;
    const ports = spec.ports?.map((port) => ({ ...port, nodePort: 30_000 + port.port }));
    return { ...inputs, spec: { ...spec, ports } };
}

/** The Kubernetes provider names what has no name before it asks the cluster, so that also a preview knows it. */
function withName(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
    if (!type.startsWith("kubernetes:")) return inputs;
    return { ...inputs, metadata: { name: autoNamed(name), ...(inputs.metadata as object) } };
}

/** A Pulumi engine that creates nothing and remembers everything it was asked for. */
export class RecordingEngine {
    readonly resources: Recorded[] = [];
    readonly outputs = new Map<string, Record<string, unknown>>();

    private constructor(readonly preview: boolean) {}

    static async start(preview: boolean): Promise<RecordingEngine> {
        const engine = new RecordingEngine(preview);
        await pulumi.runtime.setMocks(
            { newResource: (args) => answerTo(args, preview), call: () => ({}) },
            projectName,
            "test",
            preview,
        );
        engine.listen(internals.getMonitor());
        return engine;
    }

    /** Runs a program and waits until all that it declared is registered. */
    async run<T>(program: () => T | Promise<T>): Promise<T> {
        const result = await program();
        await this.settled();
        return result;
    }

    /** Also what a program declared before it failed is registered. */
    async settled(): Promise<void> {
        await internals.waitForRPCs();
    }

    byType(type: string): Recorded[] {
        return this.resources.filter((resource) => resource.type === type);
    }

    childrenOf(parent: Recorded): Recorded[] {
        return this.resources.filter((resource) => resource.parent === parent.urn);
    }

    byName(type: string, name: string): Recorded {
        const found = this.byType(type).filter((resource) => resource.name === name);
        if (found.length !== 1 || !found[0]) throw new Error(`there are ${found.length} resources ${type} ${name}`);
        return found[0];
    }

    private listen(monitor: Monitor): void {
        const register = monitor.registerResource.bind(monitor);
        const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
        monitor.registerResource = (request: RegisterRequest, answer: Answer) =>
            register(request, (error, response) => {
                if (response) this.resources.push(recordedOf(request, response.getUrn()));
                answer(error, response);
            });
        monitor.registerResourceOutputs = (request: OutputsRequest, answer: Answer) => {
            this.outputs.set(request.getUrn(), plain(request.getOutputs().toJavaScript()) as Record<string, unknown>);
            registerOutputs(request, answer);
        };
    }
}

function recordedOf(request: RegisterRequest, urn: string): Recorded {
    const raw = request.getObject().toJavaScript();
    return {
        type: request.getType(),
        name: request.getName(),
        urn,
        parent: request.getParent(),
        inputs: plain(raw) as Record<string, unknown>,
        secrets: secretsIn(raw),
        dependencies: request.getDependenciesList(),
        provider: request.getProvider(),
        retainOnDelete: request.getRetainondelete(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        ignoreChanges: request.getIgnorechangesList(),
        secretOutputs: request.getAdditionalsecretoutputsList(),
    };
}
