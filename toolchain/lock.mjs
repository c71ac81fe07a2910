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

/** One process at a time; what a killed one leaves is taken over. Needs /proc. */
export async function locked(/** @type {string} */ file, /** @type {() => Promise<any>} */ work) {
    made(dirname(file));
    while (!taken(file)) {
        const holder = existsSync(file) ? readFileSync(file, "utf8") : "";
        if (holder && !existsSync(`/proc/${holder}`)) rmSync(file, { force: true });
        else await delay(lookMs);
    }
    try {
        return await work();
    } finally {
        rmSync(file, { force: true });
    }
}
