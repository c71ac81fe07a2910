import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { made } from "./places.mjs";

const lookMs = 100;

/** @param {string} file */
function taken(file) {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx" });
        return true;
    } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
        throw error;
    }
}

/** Empty while it is being written, and where nobody holds it. @param {string} file */
const holderOf = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");
const lives = (/** @type {string} */ pid) => existsSync(`/proc/${pid}`);

/** Whether a process that lives holds it. @param {string} file */
export function isLocked(file) {
    const holder = holderOf(file);
    return holder !== "" && lives(holder);
}

/** One process at a time; what a killed one leaves is taken over. Needs /proc. */
export async function locked(/** @type {string} */ file, /** @type {() => Promise<any>} */ work) {
    made(dirname(file));
    while (!taken(file)) {
        const holder = holderOf(file);
        if (holder && !lives(holder)) rmSync(file, { force: true });
        else await delay(lookMs);
    }
    try {
        return await work();
    } finally {
        rmSync(file, { force: true });
    }
}
