/** A space between thousands reads the same in every language. */
export function thousands(value: number, decimals = 0): string {
    if (!Number.isFinite(value)) return "unknown";
    const [whole = "", fraction] = value.toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, " ");
    return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** As many decimals as a measurement deserves: about three digits. */
export function measured(value: number): string {
    const size = Math.abs(value);
    return thousands(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** Only nothing at all is told as 0: one span in a million stays visible. */
export function percent(part: number, whole: number): string {
    if (part === 0) return "0 %";
    const value = (100 * part) / whole;
    if (!Number.isFinite(value)) return "unknown";
    return value < 0.01 ? "<0.01 %" : `${value.toFixed(value < 10 ? 2 : 1)} %`;
}

/** NaN without values. */
export function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

/** The median, and from where to where the values went. */
export function spread(values: number[]): string {
    if (values.length < 2) return measured(median(values));
    return `${measured(median(values))} (${measured(Math.min(...values))} to ${measured(Math.max(...values))})`;
}
