import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A stack whose program does nothing: what the engine costs by itself. */
export async function withEmptyStack<T>(act: (engine: Stack) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-empty-"));
    const envVars = {
        PULUMI_BACKEND_URL: `file://${folder}/state?create_dir=true`,
        PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const program = () => Promise.resolve({});
    try {
        return await act(
            await LocalWorkspace.createOrSelectStack(
                { stackName: "empty", projectName: "empty", program },
                { envVars },
            ),
        );
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** How long something takes, in milliseconds. */
export async function millisecondsOf(act: () => Promise<unknown>): Promise<number> {
    const started = performance.now();
    await act();
    return performance.now() - started;
}

export const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
