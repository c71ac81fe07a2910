/** The ports that configs/*.yaml listen on; each is the collector's own default. */
export const ports = {
    otlpGrpc: 4317,
    otlpHttp: 4318,
    health: 13133,
    metrics: 8888,
    /** The tap of the external gateway: Prometheus series of the test spans that arrived. */
    tap: 8889,
} as const;
