import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    type AnalyzeDiagnostic,
    AnalyzerResource,
    AnalyzerResourceOptions,
    AnalyzeStackRequest,
    ConfigureAnalyzerRequest,
    EnforcementLevel,
    PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { projectFolder } from "./stackSettings";

/** A resource of a stack as the engine would send it. */
export interface Sent {
    type: string;
    urn: string;
    props: Record<string, unknown>;
}

/** How the engine marks a value that is secret, and one that a preview does not know. */
export const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
});
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The policy pack in a process of its own, started and asked as the engine does. */
export class PolicyPackProcess {
    private constructor(
        private readonly child: ChildProcess,
        private readonly client: AnalyzerClient,
    ) {}

    static async start(): Promise<PolicyPackProcess> {
        const cwd = join(projectFolder, "policy");
        const program = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
        const nobody = "127.0.0.1:1";
        const child = spawn(process.execPath, [program, nobody, "."], { cwd, stdio: ["ignore", "pipe", "pipe"] });
        let said = "";
        const port = await new Promise<string>((resolve, reject) => {
            child.stderr.on("data", (text: Buffer) => (said += text.toString()));
            child.stdout.on("data", (text: Buffer) => {
                said += text.toString();
                const [, number] = /^(\d+)\n/m.exec(said) ?? [];
                if (number) resolve(number);
            });
            child.on("error", reject);
            child.on("exit", () => reject(new Error(`the pack did not start: ${said}`)));
        });
        return new PolicyPackProcess(child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    }

    async stop(): Promise<void> {
        this.client.close();
        const gone = new Promise((resolve) => this.child.once("exit", resolve));
        this.child.kill();
        await gone;
    }

    /** The pack's policies: name, description and enforcement level. */
    async policies(): Promise<[string, string, EnforcementLevel][]> {
        const info = await new Promise<{ getPoliciesList(): Policy[] }>((resolve, reject) =>
            this.client.getAnalyzerInfo(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
        );
        return info.getPoliciesList().map((one) => [one.getName(), one.getDescription(), one.getEnforcementlevel()]);
    }

    /** `--policy-pack-config`. */
    async configure(levels: Record<string, EnforcementLevel>): Promise<void> {
        const request = new ConfigureAnalyzerRequest();
        for (const [policy, level] of Object.entries(levels)) {
            const config = new PolicyConfig().setEnforcementlevel(level).setProperties(Struct.fromJavaScript({}));
            request.getPolicyconfigMap().set(policy, config);
        }
        await new Promise<void>((resolve, reject) =>
            this.client.configure(request, (error) => (error ? reject(error) : resolve())),
        );
    }

    async analyze(resources: Sent[]): Promise<AnalyzeDiagnostic[]> {
        const request = new AnalyzeStackRequest().setResourcesList(resources.map(messageOf));
        return new Promise((resolve, reject) =>
            this.client.analyzeStack(request, (error, answer) =>
                error ? reject(error) : resolve(answer.getDiagnosticsList()),
            ),
        );
    }
}

interface Policy {
    getName(): string;
    getDescription(): string;
    getEnforcementlevel(): EnforcementLevel;
}

function messageOf({ type, urn, props }: Sent): AnalyzerResource {
    return new AnalyzerResource()
        .setType(type)
        .setUrn(urn)
        .setName(urn.split("::").at(-1) ?? urn)
        .setOptions(new AnalyzerResourceOptions())
        .setProperties(Struct.fromJavaScript(props as Record<string, JavaScriptValue>));
}
