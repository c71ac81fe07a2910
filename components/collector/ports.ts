import { invalid } from "../errors";

/** The ports that configs/*.yaml listen on; each is the collector's own default. */
export const ports = {
    otlpGrpc: 4317,
    otlpHttp: 4318,
    health: 13133,
    metrics: 8888,
    /** The tap of the external gateway: Prometheus series of the test spans that arrived. */
    tap: 8889,
} as const;

/** gRPC and HTTP stand side by side on 4317 and 4318, so the next lb's are two further on: 4319 and 4320. */
const stride = 2;
const highest = 65_535;

/**
 * A published port for each replica.
 * @param what the setting or argument, for the error
 * @param given one for each replica, or the first of them
 */
export function portsFor(what: string, given: number[], replicas: number): number[] {
    const [first = 0] = given;
    if (given.length !== replicas && given.length !== 1)
        throw invalid(what, given, `one port, or ${replicas}, one for each lb`);
    const all =
        given.length === replicas ? given : Array.from({ length: replicas }, (_, index) => first + index * stride);
    if (all.some((port) => port > highest))
        throw invalid(what, given, `ports up to ${highest} for each of the ${replicas} lbs`);
    return all;
}
