import { readdirSync } from "node:fs";

/** The ids of all processes that Linux shows. */
export const allProcesses = () =>
    readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number);

/** Ends processes at once, whatever they are doing; those that have ended are passed over. */
export function end(processes: number[]): void {
    for (const pid of processes) {
        try {
            process.kill(pid, "SIGKILL");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
    }
}
