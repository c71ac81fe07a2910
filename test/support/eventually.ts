import { setTimeout as delay } from "node:timers/promises";

const pollMs = 200;

/** Waits for a condition; where it does not come true in time, fails with what was seen last. */
export async function eventually(
    what: string,
    look: () => Promise<{ done: boolean; saw: unknown }>,
    deadlineMs = 30_000,
): Promise<void> {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
        const { done, saw } = await look();
        if (done) return;
        if (Date.now() > deadline)
            throw new Error(`no ${what} within ${deadlineMs} ms; last seen: ${JSON.stringify(saw)}`);
        await delay(pollMs);
    }
}
