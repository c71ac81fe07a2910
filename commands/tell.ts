const started = Date.now();

/** Progress of what takes minutes, on standard error, with the seconds since the command began. */
export function tell(text: string): void {
    process.stderr.write(`${Math.round((Date.now() - started) / 1_000)} s: ${text}\n`);
}
