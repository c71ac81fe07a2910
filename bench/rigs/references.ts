import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ports } from "../../components/collector/ports";
import type { CollectorSpec } from "./containers";

const reference = (file: string) => readFileSync(join(__dirname, "../references", file), "utf8");

/** One collector with nothing but defaults. @param next "host:port" for OTLP over gRPC */
export function hop(name: string, next: string): CollectorSpec {
    return { name, config: reference("hop.yaml"), environment: { NEXT: next } };
}

/** The same, with the batch processor. */
export function batching(name: string, next: string): CollectorSpec {
    return { name, config: reference("batching.yaml"), environment: { NEXT: next } };
}

/** The documented lb over gateways, by their names. */
export function loadBalancer(name: string, gateways: string[]): CollectorSpec {
    const list = gateways.map((gateway) => `${gateway}:${ports.otlpGrpc}`).join(", ");
    return { name, config: reference("load-balancer.yaml"), environment: { GATEWAYS: `[${list}]` } };
}
