import type { Configuration, EngineStack } from "./engineStack";

/** Each step may uncover the next: a lock, then containers, then others. */
const mostSteps = 6;

/**
 * `up` after one that was killed: does what a person would, which is what the message of each failure says.
 * @param remove containers by their names
 * @throws what `up` throws, when its message names no way on
 */
export async function recoveringUp(
    stack: EngineStack,
    settings: Configuration,
    remove: (containers: string[]) => Promise<void>,
): Promise<void> {
    for (let step = 1; ; step++) {
        try {
            await stack.up(settings);
            return;
        } catch (error) {
            const remedy = remedyIn((error as Error).message);
            if (!remedy || step === mostSteps) throw error;
            process.stderr.write(`  ${(error as Error).message}\n`);
            if (remedy.does === "unlock") await stack.unlock();
            if (remedy.does === "remove") await remove(remedy.containers);
            if (remedy.does === "refresh") await stack.recover(settings);
        }
    }
}

type Remedy = { does: "unlock" } | { does: "refresh" } | { does: "remove"; containers: string[] };

/** The command that a message tells a person to run. */
export function remedyIn(message: string): Remedy | undefined {
    if (/npm run pulumi -- cancel --yes /.test(message)) return { does: "unlock" };
    const [, containers] = /docker rm --force ([^\n]+)/.exec(message) ?? [];
    if (containers) return { does: "remove", containers: containers.trim().split(" ") };
    if (/npm run pulumi -- up --refresh /.test(message)) return { does: "refresh" };
    return undefined;
}
