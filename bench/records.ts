import { readFileSync } from "node:fs";

/**
 * One span in the generator's ledger: every span that was sent, whether it was acknowledged or not.
 * On disk: trace id (16 bytes), span id (8), sent and acknowledged (float64, milliseconds since 1970, 0 is never), lb (1).
 */
export interface SentSpan {
    /** Trace id and span id as 48 hexadecimal digits. */
    key: string;
    sentAt: number;
    /** 0: it never was; the request was refused, or not answered. */
    acknowledgedAt: number;
    /** The place of its endpoint in the plan, gRPC first. */
    endpoint: number;
}

/**
 * One arrival at the sink, also of a span that has arrived before.
 * On disk: trace id (16 bytes), span id (8), time (float64), gateway (1 byte: its place among the names, 255 is none).
 */
export interface Arrival {
    key: string;
    at: number;
    /** The gateway that stamped it; undefined where none did. */
    gateway: string | undefined;
}

export const idBytes = 24;
export const sentBytes = idBytes + 8 + 8 + 1;
export const arrivalBytes = idBytes + 8 + 1;
export const noGateway = 255;

export const traceOf = (key: string) => key.slice(0, 32);

export function readLedger(file: string): SentSpan[] {
    const data = readFileSync(file);
    return Array.from({ length: data.length / sentBytes }, (_, index) => {
        const at = index * sentBytes;
        return {
            key: data.toString("hex", at, at + idBytes),
            sentAt: data.readDoubleLE(at + idBytes),
            acknowledgedAt: data.readDoubleLE(at + idBytes + 8),
            endpoint: data.readUInt8(at + idBytes + 16),
        };
    });
}

export function readArrivals(file: string, gateways: string[]): Arrival[] {
    const data = readFileSync(file);
    return Array.from({ length: data.length / arrivalBytes }, (_, index) => {
        const at = index * arrivalBytes;
        return {
            key: data.toString("hex", at, at + idBytes),
            at: data.readDoubleLE(at + idBytes),
            gateway: gateways[data.readUInt8(at + idBytes + 8)],
        };
    });
}
