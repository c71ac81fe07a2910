import type { Stack } from "@pulumi/pulumi/automation";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { containersOf } from "../components/platform";

export const projectName = "otel-collector-tiers";

export const settingsFile = (folder: string, stack: string) => join(folder, `Pulumi.${stack}.yaml`);

/** What the engine's program said before it gave up. */
export function toldBy(error: Error): string {
    const lines = error.message.split("\n").filter((line) => line.startsWith("error:"));
    const said = new Set(lines.map((line) => line.replace(/^error: /, "").trim()));
    return [...said].join("\n") || error.message;
}

/**
 * Why an operation failed, and where the engine only says what, also what to do.
 * @param diagnostics what the engine and the program reported as errors
 */
export async function reasonOf(
    error: Error,
    diagnostics: string[],
    { engine, name }: { engine: Stack; name: string },
): Promise<string> {
    const canceled = "update canceled";
    const said = [...new Set(diagnostics)].filter((line) => line !== canceled);
    if (said.length === 0 && diagnostics.includes(canceled)) return `${name} was interrupted; the same command goes on`;
    const told = said.join("\n") || toldBy(error);
    if (/currently locked by/.test(told)) {
        return `another update of ${name} is under way; if it was killed, unlock the stack with: npm run pulumi -- cancel --yes --stack ${name}`;
    }
    const taken = [...told.matchAll(/container name "\/([^"]+)" is already in use/g)].map(
        ([, container = ""]) => container,
    );
    if (taken.length > 0) return strayContainers(engine, name, taken);
    return withValue(settingsFile(engine.workspace.workDir, name), told);
}

/** A run that was killed may have created containers that it could not note down any more. */
async function strayContainers(engine: Stack, stack: string, taken: string[]): Promise<string> {
    const { deployment } = (await engine.exportStack()) as { deployment: { resources?: { id?: string }[] } };
    const known = (deployment.resources ?? []).map(({ id }) => id);
    const own = await containersOf(projectName, stack);
    const strays = [
        ...new Set([...taken, ...own.filter(({ id }) => !known.includes(id)).map(({ name }) => name)]),
    ].sort();
    return (
        `${strays.join(", ")} exist on Docker but not in the state of ${stack}: a run that was killed left them, ` +
        `or another state owns them; if they are nobody's, remove them with: docker rm --force ${strays.join(" ")}`
    );
}

/** The engine checks the types of the configuration and says which key is wrong, but not what stands there. */
function withValue(file: string, message: string): string {
    const [, key] = /configuration key '(\w+)' must be of type/.exec(message) ?? [];
    if (!key) return message;
    const line = new RegExp(`^\\s*["']?${projectName}:${key}["']?:\\s*(.+)$`, "m");
    const [, value] = line.exec(readFileSync(file, "utf8")) ?? [];
    return value ? `${message}, not ${value}` : message;
}
