import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import type { DockerEngine } from "../../components/platform/docker/engine";
import { untilReady } from "../../components/platform/docker/readiness";
import type { Readiness } from "../../components/platform/platform";

vi.mock("node:timers/promises", () => ({
    setTimeout: (milliseconds: number) => {
        vi.setSystemTime(Date.now() + milliseconds);
        return Promise.resolve();
    },
}));

const readiness: Readiness = { port: 13133, path: "/", logLine: "Everything is ready.", settleSeconds: 2 };

interface State {
    running?: boolean;
    restarting?: boolean;
    restarts?: number;
    startedMsAgo?: number;
    logs?: string;
    exitCode?: number;
    removed?: boolean;
}

/** An engine whose one container is in each of these states in turn, and stays in the last. */
function engine(...states: State[]) {
    const now = Date.now();
    let asked = 0;
    const state = () => states[Math.min(asked, states.length) - 1] ?? {};
    const fake = {
        inspect: () => {
            asked++;
            const { running = true, restarting = false, restarts = 0, startedMsAgo = 0, exitCode, removed } = state();
            if (removed) return Promise.resolve(undefined);
            const StartedAt = new Date(now - startedMsAgo).toISOString();
            return Promise.resolve({
                Name: "/test-gateway-1",
                State: {
                    Status: exitCode === undefined ? "running" : "exited",
                    ExitCode: exitCode ?? 0,
                    Running: running,
                    Restarting: restarting,
                    StartedAt,
                },
                RestartCount: restarts,
            });
        },
        logs: () => Promise.resolve(state().logs ?? ""),
    };
    return fake as unknown as DockerEngine;
}

async function outcome(fake: DockerEngine): Promise<string> {
    const started = Date.now();
    try {
        await untilReady(fake, "id", readiness);
        return `ready after ${Date.now() - started} ms`;
    } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
        return (error as Error).message;
    }
}

describe("a container that somebody", () => {
    it("stopped is told from one that does not stay up", async () => {
        expect(await outcome(engine({ running: false, exitCode: 0 }))).toBe(
            "test-gateway-1 was stopped; start it with: docker start test-gateway-1",
        );
        expect(await outcome(engine({ running: false, exitCode: 1, logs: "Error: no" }))).toBe(
            "test-gateway-1 does not stay up: Error: no",
        );
    });

    it("removed is told with what brings it back", async () => {
        expect(await outcome(engine({ removed: true }))).toMatch(
            /^the container id .* bring it back with: npm run pulumi/,
        );
    });
});

describe("a container is ready", () => {
    beforeEach(() => {
        vi.useFakeTimers({ now: new Date("2026-01-01T00:00:00Z"), toFake: ["Date"] });
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    it("when it said so, and has settled since its start", async () => {
        expect(await outcome(engine({ logs: "Everything is ready." }))).toBe("ready after 2000 ms");
    });

    it("not before it said so, and has settled since", async () => {
        const ready = outcome(engine({}, {}, {}, { logs: "Everything is ready.", startedMsAgo: 5_000 }));
        expect(await ready).toBe("ready after 2300 ms");
    });

    it("at once when it has run for long, although its first words are gone", async () => {
        expect(await outcome(engine({ startedMsAgo: 100_000, restarts: 3 }))).toBe("ready after 0 ms");
    });

    it.each([{ running: false }, { restarting: true }, { restarts: 1 }])("not when %j", async (state) => {
        const logs = "starting\nError: no such key: compresion\n";
        expect(await outcome(engine({ ...state, logs }))).toBe(
            "test-gateway-1 does not stay up: Error: no such key: compresion",
        );
    });

    it("not when it did not say so in a minute", async () => {
        expect(await outcome(engine({ logs: "still starting" }))).toBe(
            "test-gateway-1 was not ready within 60 s: still starting",
        );
    });

    it("not when it said nothing at all", async () => {
        expect(await outcome(engine({ running: false }))).toBe("test-gateway-1 does not stay up: it said nothing");
    });

    it("not when it may not write; then it says what to do", async () => {
        const logs = "Error: cannot start: mkdir /var/lib/otelcol/queue: permission denied";
        expect(await outcome(engine({ running: false, logs }))).toContain("belongs to the image's user");
    });
});

it("a container of which nothing is asked is ready when it runs", async () => {
    await untilReady(engine({}), "id", undefined);
    await expect(untilReady(engine({ running: false }), "id", undefined)).rejects.toThrow("does not stay up");
});
