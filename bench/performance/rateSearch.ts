/** Where a search begins, and how near it comes. */
export interface SearchRange {
    first: number;
    /** From one rate to the next while the search has not seen a rate hold and another one fail. */
    step: number;
    /** How far apart the highest rate that holds and the lowest that does not may be in the end, as a factor. */
    closeness: number;
    least: number;
    most: number;
}

/** A rate counts once it has held so often. */
const holdsNeeded = 2;

/** Searches for the highest rate that holds, one probe at a time, so that several searches can take turns. */
export class RateSearch {
    /** How often each rate has held. */
    private readonly held = new Map<number, number>();
    private high = Infinity;

    constructor(private readonly range: SearchRange) {}

    /** The rate to probe next; undefined when the search is over. */
    get next(): number | undefined {
        const { first, step, closeness, least, most } = this.range;
        if (this.low === 0 && this.high === Infinity) return first;
        if (this.low === 0) return this.high > least ? Math.max(least, Math.round(this.high / step)) : undefined;
        if (this.high === Infinity && this.low < most) return Math.min(most, Math.round(this.low * step));
        if (this.high < Infinity && this.high / this.low > closeness * (1 + rounding))
            return Math.round(Math.sqrt(this.low * this.high));
        return this.isConfirmed ? undefined : this.low;
    }

    /** The highest rate that holds; 0 where none does. */
    get found(): number {
        return this.isConfirmed ? this.low : 0;
    }

    /** What a probe of `next` came to. */
    record(rate: number, holds: boolean): void {
        if (holds) this.held.set(rate, (this.held.get(rate) ?? 0) + 1);
        else this.high = rate;
    }

    /** The highest rate that has held and not failed since; 0 where none has. */
    private get low(): number {
        return Math.max(0, ...[...this.held.keys()].filter((rate) => rate < this.high));
    }

    private get isConfirmed(): boolean {
        return (this.held.get(this.low) ?? 0) >= holdsNeeded;
    }
}

/** Whole rates are not exactly as far apart as they should be. */
const rounding = 1e-3;
