/** A part of a run, as a person would name it. */
export interface Step {
    name: string;
    run: () => Promise<void>;
}

/** Runs steps in order, telling what runs, how long it took and what is next. */
export async function inOrder(steps: Step[], tell: (text: string) => void): Promise<void> {
    tell(`next: ${steps[0]?.name}`);
    for (const [index, { name, run }] of steps.entries()) {
        const started = Date.now();
        await run();
        const next = steps[index + 1]?.name;
        tell(
            `${name}: took ${((Date.now() - started) / 1_000).toFixed(0)} s; next: ${next ?? "removing what was brought up"}`,
        );
    }
}
