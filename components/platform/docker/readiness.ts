import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../errors";
import type { DockerEngine } from "./engine";
import { lastWords } from "../lastWords";
import type { Readiness } from "../platform";
import { refreshCommand } from "../remedies";

const deadlineMs = 60_000;
const pollMs = 100;
/** A container that has run this long without a restart is past its start, even if its first log lines are gone. */
const provenMs = 90_000;

/**
 * Waits until a container is ready, by what it logs: an image without a shell runs no health check, and its network
 * is not reachable from every machine that reaches the engine.
 * @throws InvalidInput with the container's own last words when it stops, or is not ready in a minute
 */
export async function untilReady(engine: DockerEngine, id: string, readiness: Readiness | undefined): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    for (let isWaitedFor = false; ; isWaitedFor = true) {
        const { name, started } = await requireUp(engine, id);
        if (!readiness || Date.now() - started.getTime() > provenMs) return;
        const isReady = (await engine.logs(id, started)).includes(readiness.logLine);
        if (isReady) return settle(readiness, isWaitedFor ? Date.now() : started.getTime());
        if (Date.now() > deadline) {
            const seconds = deadlineMs / 1_000;
            throw new InvalidInput(`${name} was not ready within ${seconds} s: ${await complaint(engine, id)}`);
        }
        await delay(pollMs);
    }
}

async function requireUp(engine: DockerEngine, id: string): Promise<{ name: string; started: Date }> {
    const container = await engine.inspect(id);
    if (!container) {
        throw new InvalidInput(
            `the container ${id.slice(0, 12)} of this stack was removed by hand; bring it back with: ${refreshCommand()}`,
        );
    }
    const { Name, State, RestartCount } = container;
    const name = Name.replace(/^\//, "");
    const started = new Date(State.StartedAt);
    if (State.Status === "exited" && State.ExitCode === 0) {
        throw new InvalidInput(`${name} was stopped; start it with: docker start ${name}`);
    }
    const restarted = RestartCount > 0 && Date.now() - started.getTime() < provenMs;
    if (!State.Running || State.Restarting || restarted) {
        throw new InvalidInput(`${name} does not stay up: ${await complaint(engine, id)}`);
    }
    return { name, started };
}

/** @param since when it became ready; when it started, if that was before anybody looked */
async function settle({ settleSeconds }: Readiness, since: number): Promise<void> {
    const left = since + settleSeconds * 1_000 - Date.now();
    if (left > 0) await delay(left);
}

/** What a collector says last, with what to do about it where that is known. */
async function complaint(engine: DockerEngine, id: string): Promise<string> {
    const told = lastWords(await engine.logs(id, new Date(0))) || "it said nothing";
    const hint = /permission denied/.test(told)
        ? " (its user may not write to its volume: use an image in which /var/lib/otelcol belongs to the image's user)"
        : "";
    return told + hint;
}
