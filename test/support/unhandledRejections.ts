import { setTimeout as delay } from "node:timers/promises";

/** Runs something of which Pulumi's SDK leaves rejections to the engine's process, and gives their messages. */
export async function unhandledRejectionsOf(work: () => Promise<void>): Promise<string[]> {
    const own = process.listeners("unhandledRejection");
    const messages: string[] = [];
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => messages.push((error as Error).message));
    try {
        await work();
        await delay(20);
    } finally {
        process.removeAllListeners("unhandledRejection");
        for (const listener of own) process.on("unhandledRejection", listener);
    }
    return messages;
}
