import { at, type Config, mergeConfig } from "./config";
import { loadBalancingExporters } from "./loadBalancer";

/** What a batch takes in memory for each byte of its size, from when it is read until all of its gateways have it: measured. */
const memoryOfByte = 6.5;
/** Of a replica's memory; the rest is for what comes in meanwhile. */
const memoryShare = 0.5;

/**
 * No more batches wait for their gateways at a time than memory bears; what comes after them waits on disk. The
 * configuration's own number is the most.
 */
export function withConsumersFor(config: Config, memoryBytes: number): Config {
    const exporters = loadBalancingExporters(config).flatMap((id) => {
        const queue = ["exporters", id, "sending_queue"];
        const batchBytes = Number(at(config, ...queue, "batch", "min_size"));
        const most = Number(at(config, ...queue, "num_consumers"));
        const borne = Math.max(1, Math.floor((memoryBytes * memoryShare) / (batchBytes * memoryOfByte)));
        return borne < most ? [[id, { sending_queue: { num_consumers: borne } }] as const] : [];
    });
    return mergeConfig(config, { exporters: Object.fromEntries(exporters) });
}
