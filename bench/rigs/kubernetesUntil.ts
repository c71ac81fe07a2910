import { setTimeout as delay } from "node:timers/promises";
import { InvalidInput } from "../../components/errors";

const pollMs = 100;

/** @throws InvalidInput that names what did not come true in time */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>, deadlineMs: number): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    while (!(await isTrue())) {
        if (Date.now() > deadline) throw new InvalidInput(`no ${what} within ${deadlineMs} ms`);
        await delay(pollMs);
    }
}
