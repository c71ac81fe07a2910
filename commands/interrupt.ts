export const interruptedCode = 130;

/** Aborts at the first Ctrl-C, so that what is under way is ended and removed; the second leaves it where it is. */
export function abortedByInterrupt(tell: (text: string) => void): AbortSignal {
    const interrupt = new AbortController();
    for (const event of ["SIGINT", "SIGTERM"] as const) {
        process.on(event, () => {
            if (interrupt.signal.aborted) process.exit(interruptedCode);
            interrupt.abort();
            tell("ending what is under way and removing everything; again to leave at once");
        });
    }
    return interrupt.signal;
}
