import { type ChildProcess, fork } from "node:child_process";

const loader = ["--require", require.resolve("tsx/cjs")];

/** Starts a TypeScript file as a process of its own that talks in messages; it ends with this one, and not by a terminal's Ctrl-C before it. */
export function startProcess(file: string, args: string[]): ChildProcess {
    const child = fork(file, args, {
        execArgv: loader,
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        detached: true,
    });
    const end = () => void child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    return child;
}

/** The next message of a kind. @throws when the process ends first */
export function nextMessage<T extends { type: string }>(child: ChildProcess, type: T["type"]): Promise<T> {
    return new Promise((resolve, reject) => {
        const listen = (message: T) => {
            if (message.type !== type) return;
            child.off("message", listen);
            child.off("disconnect", fail);
            resolve(message);
        };
        const fail = () => reject(new Error(`a process ended before it said ${type}`));
        child.on("message", listen);
        child.once("disconnect", fail); // its exit may be seen before the last of what it said
    });
}

/** Says the last thing of this process, and ends it. */
export function sayLast(message: object): void {
    process.send?.(message, () => process.exit());
}
