import { join } from "node:path";
import { nextMessage, startProcess } from "../process";
import { type LoadPlan, type LoadProgress, noProgress } from "./plan";

/** A generator that runs in a process of its own. */
export interface Generator {
    progress(): LoadProgress;
    /** Ends it before its time; what is under way is finished. */
    stop(): void;
    /** Resolves when it has ended. */
    done: Promise<LoadProgress & { ledger: string }>;
}

/** What the process says. */
export type GeneratorMessage = { type: "progress" | "done"; progress: LoadProgress };

/** @param folder where its ledger goes: see `readLedger` */
export function startGenerator(plan: LoadPlan, folder: string): Generator {
    const ledger = join(folder, "ledger.bin");
    let progress = noProgress;
    const child = startProcess(join(__dirname, "main.ts"), [JSON.stringify(plan), ledger]);
    child.on("message", (message: GeneratorMessage) => (progress = message.progress));
    return {
        progress: () => progress,
        stop: () => void child.send({ type: "stop" }),
        done: nextMessage<GeneratorMessage>(child, "done").then(({ progress }) => ({ ...progress, ledger })),
    };
}
