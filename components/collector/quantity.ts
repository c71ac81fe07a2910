import { invalid } from "../errors";

const units = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;
const smallestMemory = 64 * units.Mi;

/**
 * Bytes of a memory quantity as Kubernetes writes it.
 * @param what the setting or argument, for the error
 * @param text a whole number with Ki, Mi or Gi, at least 64Mi
 */
export function memoryBytes(what: string, text: string): number {
    const [, number, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(text) ?? [];
    const bytes = Number(number) * units[unit as keyof typeof units];
    if (!(bytes >= smallestMemory)) throw invalid(what, text, 'at least 64Mi, as in "512Mi" or "2Gi"');
    return bytes;
}

/**
 * Bytes of a disk, or of a part of one, as Kubernetes writes them.
 * @param what the setting or argument, for the error
 * @param text a whole number with Mi, Gi or Ti
 */
export function diskBytes(what: string, text: string): number {
    const [, number, unit] = /^([1-9]\d*)(Mi|Gi|Ti)$/.exec(text) ?? [];
    if (number === undefined) throw invalid(what, text, 'a size, as in "512Mi" or "10Gi"');
    return Number(number) * units[unit as keyof typeof units];
}

/** Whole mebibytes, as they are written. */
export const inMebibytes = (bytes: number) => `${Math.floor(bytes / units.Mi)}Mi`;

/**
 * Cores of a CPU quantity as Kubernetes writes it; undefined means no limit.
 * @param what the setting or argument, for the error
 * @param text cores or thousandths of a core ("2", "0.5", "500m"); "0" is no limit
 */
export function cpuCores(what: string, text: string): number | undefined {
    const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(text) ?? [];
    if (number === undefined) throw invalid(what, text, '"0" for no limit, or cores as in "2", "0.5" or "500m"');
    return Number(number) / (milli ? 1000 : 1) || undefined;
}

/** Milliseconds of a duration as the collector writes it ("250ms", "1m30s"); undefined where it is none. */
export function durationMs(text: unknown): number | undefined {
    if (typeof text !== "string" || !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
    const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
    return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
        (sum, [, number, unit]) => sum + Number(number) * (unitMs[unit ?? ""] ?? 0),
        0,
    );
}
