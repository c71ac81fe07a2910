import { at, type Config, section, typeOf } from "./config";
import { deliveringExporters } from "./custody";
import { loadBalancingExporters } from "./loadBalancer";
import { durationMs } from "./quantity";

/** What the collector takes where nothing is set. */
const defaults = { timeoutMs: 5_000, retryElapsedMs: 300_000 };
const shutdownSeconds = 5;
/** A gateway that is there answers sooner. For one that is away an lb waits on, in its next life: it has all of it on disk. */
const mostAttemptMs = 10_000;

/** The longest that an exporter keeps whoever sent to it waiting. */
export function worstCaseMs(exporter: Config): number {
    return flushMs(exporter) + retryMs(exporter) + timeoutMs(exporter);
}

/**
 * How long a collector that is asked to stop may need for what it has begun: one attempt of an exporter that has a
 * queue on disk, every attempt of one that has not, and a little to close its files.
 */
export function stopGraceSeconds(config: Config): number {
    const rings = loadBalancingExporters(config);
    const waits = deliveringExporters(config).map((id) => {
        if (typeOf(id) === "file") return 0;
        const exporter = section(config, "exporters", id);
        if (rings.includes(id))
            return Math.min(timeoutMs(exporter), worstCaseMs(section(exporter, "protocol", "otlp")), mostAttemptMs);
        return at(exporter, "sending_queue", "storage") ? timeoutMs(exporter) : worstCaseMs(exporter);
    });
    return Math.ceil(Math.max(0, ...waits) / 1_000) + shutdownSeconds;
}

export function timeoutMs(exporter: Config): number {
    return durationMs(at(exporter, "timeout")) ?? defaults.timeoutMs;
}

function flushMs(exporter: Config): number {
    if (at(exporter, "sending_queue", "enabled") === false) return 0;
    return durationMs(at(exporter, "sending_queue", "batch", "flush_timeout")) ?? 0;
}

function retryMs(exporter: Config): number {
    if (at(exporter, "retry_on_failure", "enabled") === false) return 0;
    return durationMs(at(exporter, "retry_on_failure", "max_elapsed_time")) ?? defaults.retryElapsedMs;
}
