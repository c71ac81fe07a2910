import { at, type Config, section } from "./config";

/** What the collector takes where nothing is set. */
const defaults = { grpcMib: 4, httpBytes: 20_971_520 };
export const mib = 2 ** 20;
const protocols = ["receivers", "otlp", "protocols"];

export const grpcLimitPath = [...protocols, "grpc", "max_recv_msg_size_mib"];

/** The largest message that a tier takes from the tier before. */
export function grpcLimitBytes(tier: Config): number {
    return (Number(at(tier, ...grpcLimitPath)) || defaults.grpcMib) * mib;
}

/** The largest message that a tier takes from anybody. */
export function largestMessageBytes(tier: Config): number {
    const http = Number(at(tier, ...protocols, "http", "max_request_body_size")) || defaults.httpBytes;
    return Math.max(grpcLimitBytes(tier), "http" in section(tier, ...protocols) ? http : 0);
}
