/** Many at a time, or one alone. */
export class Turns {
    private running = 0;
    private aloneWaiting = 0;
    private alone = false;
    private readonly waiting: (() => void)[] = [];

    async take<T>(alone: boolean, act: () => Promise<T>): Promise<T> {
        if (alone) this.aloneWaiting++;
        while (this.alone || (alone ? this.running > 0 : this.aloneWaiting > 0)) {
            await new Promise<void>((resolve) => this.waiting.push(resolve));
        }
        if (alone) this.aloneWaiting--;
        this.alone = alone;
        this.running++;
        try {
            return await act();
        } finally {
            this.running--;
            this.alone = false;
            for (const go of this.waiting.splice(0)) go();
        }
    }
}
