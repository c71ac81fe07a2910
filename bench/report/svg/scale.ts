import { thousands } from "../numbers";

export interface Scale {
    ticks: { value: number; label: string }[];
    /** Where a value stands between 0 and the last tick, as a share of the way. */
    share: (value: number) => number;
}

/** From 0 to a round number that no value exceeds. */
export function scaleFor(values: (number | undefined)[]): Scale {
    const largest = Math.max(0, ...values.filter((value) => value !== undefined).filter(Number.isFinite)) || 1;
    const exponent = Math.floor(Math.log10(largest / 4));
    const step = [1, 2, 2.5, 5, 10].find((mantissa) => mantissa * 10 ** exponent * 5 >= largest)! * 10 ** exponent;
    const decimals = Math.max(0, 1 - exponent);
    const count = Math.ceil(largest / step - 1e-9);
    const ticks = Array.from({ length: count + 1 }, (_, index) => {
        const value = Number((index * step).toFixed(decimals));
        return { value, label: thousands(value, Number.isInteger(value) ? 0 : digits(value)) };
    });
    return { ticks, share: (value) => Math.max(0, value) / (count * step) };
}

const digits = (value: number) => String(value).split(".")[1]?.length ?? 0;
