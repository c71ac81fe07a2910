// Servers that outlive the command that starts them, known by process id and start time: an id alone may come back.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { made } from "../places.mjs";
import { Problem } from "../problem.mjs";
import { inFolder, logs } from "./layout.mjs";

const lookMs = 50;
const readyMs = 90_000;
const endMs = 10_000;

const notes = inFolder("processes");
const noteOf = (/** @type {string} */ name) => inFolder("processes", name);
const logOf = (/** @type {string} */ name) => join(logs, `${name}.log`);

/** @param {number | string} pid @returns {string | undefined} when it was started; undefined for one that has ended */
function startOf(pid) {
    try {
        const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
        return state === "Z" ? undefined : fields[18];
    } catch {
        return undefined;
    }
}

/** @param {string} name @returns {number | undefined} */
function idOf(name) {
    if (!existsSync(noteOf(name))) return undefined;
    const [pid, started] = readFileSync(noteOf(name), "utf8").split(" ");
    return started && startOf(pid) === started ? Number(pid) : undefined;
}

export const runs = (/** @type {string} */ name) => idOf(name) !== undefined;

/**
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @param {{ calledAs?: string }} [options]
 */
export function start(name, program, args, { calledAs } = {}) {
    made(logs);
    made(notes);
    const log = openSync(logOf(name), "a");
    const server = spawn(program, args, { argv0: calledAs, detached: true, stdio: ["ignore", log, log] });
    server.on("error", () => {}); // it is not running, which is what whoever waits for it finds
    server.unref();
    closeSync(log);
    if (server.pid) writeFileSync(noteOf(name), `${server.pid} ${startOf(server.pid)}`);
}

/** @param {string} name */
function lastWords(name) {
    const lines = existsSync(logOf(name)) ? readFileSync(logOf(name), "utf8").trim().split("\n") : [];
    return lines.slice(-5).join("\n");
}

/**
 * @param {string} what
 * @param {string[]} names the servers that it takes
 * @param {() => boolean | Promise<boolean>} isReady
 */
export async function waitFor(what, names, isReady) {
    const deadline = Date.now() + readyMs;
    while (!(await isReady())) {
        const ended = names.find((name) => !runs(name));
        if (ended)
            throw new Problem(`${ended} of the test cluster has ended, see ${logOf(ended)}:\n${lastWords(ended)}`);
        if (Date.now() > deadline) {
            throw new Problem(`${what} of the test cluster is not ready after ${readyMs / 1000} s: see ${logs}`);
        }
        await delay(lookMs);
    }
}

/** @param {number[]} pids */
async function end(pids) {
    const started = pids.map((pid) => ({ pid, start: startOf(pid) })).filter(({ start }) => start !== undefined);
    for (const { pid } of started) process.kill(pid, "SIGKILL"); // nothing of theirs is kept
    const deadline = Date.now() + endMs;
    while (started.some(({ pid, start }) => startOf(pid) === start)) {
        if (Date.now() > deadline) throw new Problem(`processes of the test cluster do not end: ${pids.join(", ")}`);
        await delay(lookMs);
    }
}

export const stop = (/** @type {string[]} */ ...names) => end(names.flatMap((name) => idOf(name) ?? []));

/** @param {string} name @param {string} argument what tells ours from others of that name */
export function stopAllWith(name, argument) {
    const ours = readdirSync("/proc").filter((pid) => {
        if (!/^\d+$/.test(pid)) return false;
        try {
            const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
            return program.endsWith(name) && args.includes(argument);
        } catch {
            return false; // it has just ended
        }
    });
    return end(ours.map(Number));
}
