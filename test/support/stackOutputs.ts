import type { StackOutputs } from "../../engine/stack";

/** What a stack on Docker says once it is up. */
export const stackOutputs = (over: Partial<StackOutputs> = {}): StackOutputs => ({
    platform: "docker",
    location: { prefix: "otel-collector-tiers-dev" },
    resolver: "static",
    gateways: ["gateway-1", "gateway-2", "gateway-3"],
    grpc: ["127.0.0.1:4317"],
    http: ["http://127.0.0.1:4318"],
    metrics: ["http://127.0.0.1:8888/metrics"],
    tap: "http://127.0.0.1:8889/metrics",
    backends: [],
    waived: [],
    ...over,
});
