import { spawn } from "node:child_process";
import { existsSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { install, mayInstall } from "../debian.mjs";
import { runningEngine } from "../engine.mjs";
import { cache, made } from "../places.mjs";
import { Problem } from "../problem.mjs";
import { run, which } from "../shell.mjs";

const startMs = 30_000;
const log = join(cache, "dockerd.log");

/** Without an init system the daemon is started by hand; its process id is kept so that it can be stopped. */
function startByHand() {
    const output = openSync(join(made(cache), "dockerd.log"), "a");
    const daemon = spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] });
    writeFileSync(join(cache, "dockerd.pid"), String(daemon.pid));
    daemon.unref();
}

async function start() {
    if (existsSync("/run/systemd/system")) await run("systemctl", ["start", "docker"]);
    else startByHand();
    const deadline = Date.now() + startMs;
    while (!(await runningEngine())) {
        if (Date.now() > deadline) throw new Problem(`dockerd did not answer within ${startMs / 1000} s: see ${log}`);
        await delay(200);
    }
}

export const dockerEngine = {
    title: "Docker Engine",
    ready: async () => (await runningEngine()) !== undefined,
    async obtain(/** @type {(text: string) => void} */ say) {
        if (process.env.DOCKER_HOST) {
            throw new Problem(
                `Docker does not answer at DOCKER_HOST=${process.env.DOCKER_HOST}: start it there, or unset DOCKER_HOST`,
            );
        }
        if (!mayInstall()) {
            throw new Problem(
                which("docker")
                    ? "Docker is installed but not running, or you may not use it: start it and run the command again"
                    : "Docker is not installed: install Docker Engine or Docker Desktop, start it, and run the command again",
            );
        }
        if (!which("dockerd")) {
            say("installing the distribution's docker.io");
            await install(["docker.io", "iptables"]);
        }
        say("starting it");
        await start();
    },
};
