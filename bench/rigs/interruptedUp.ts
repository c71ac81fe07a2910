import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { project, UpdateFailed } from "../../engine/stack";
import { invalid } from "../../components/errors";
import type { Configuration, EngineStack } from "./engineStack";
import { allProcesses, end } from "./processes";

const goneMs = 10_000;
const pollMs = 20;

/**
 * An `up` in a process of its own, which is killed with the engine and its plugins; resolves once they are all gone.
 * @param afterMs from when the engine is asked, not from when the process starts
 * @throws InvalidInput when the update ends before that, UpdateFailed when it fails
 */
export async function interruptedUp(stack: EngineStack, settings: Configuration, afterMs: number): Promise<void> {
    stack.configure(settings);
    const child = fork(join(__dirname, "upOnce.ts"), [stack.name, stack.folder], {
        cwd: project,
        execArgv: ["--import", "tsx"], // the loader for what is imported late, too
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        detached: true, // a session of its own: the engine's plugins have groups of their own, but stay in it
    });
    const ended = once(child, "exit");
    try {
        await Promise.race([once(child, "message"), ended]);
        await Promise.race([delay(afterMs), ended]);
        if (child.exitCode) throw new UpdateFailed("the update failed before it could be killed, see above");
        if (child.exitCode === 0)
            throw invalid("the time until the engine is killed", afterMs, "less than the update takes");
    } finally {
        await killSession(child.pid!);
    }
    await ended;
}

/** Kills until none is left: one that is just being started is not seen the first time. */
async function killSession(session: number): Promise<void> {
    const deadline = Date.now() + goneMs;
    for (let left = inSession(session); left.length > 0; left = inSession(session)) {
        if (Date.now() > deadline) throw new Error(`still there after SIGKILL: processes ${left.join(", ")}`);
        end(left);
        await delay(pollMs);
    }
}

/** The processes of a session that still run, by what Linux says of each. */
function inSession(session: number): number[] {
    return allProcesses().filter((pid) => {
        const { state, session: own } = statOf(pid);
        return own === session && state !== "Z";
    });
}

/** The second field is a name in parentheses, which may hold anything. */
function statOf(pid: number): { state?: string; session?: number } {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return { state, session: Number(session) };
    } catch {
        return {}; // it ended meanwhile
    }
}
