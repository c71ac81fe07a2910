const series = /^otelcol_exporter_queue_size(?:\{[^}]*\})? (\d+(?:\.\d+)?(?:e\+?\d+)?)/gm;

/**
 * What is in all queues of a collector, by its own metrics: bytes, where nothing else is set. A request counts until it
 * has been delivered and removed: the size of a queue on disk includes what its consumers have taken out and are still
 * sending, or trying again.
 */
export function queuedIn(metrics: string): number {
    return [...metrics.matchAll(series)].reduce((sum, [, size]) => sum + Number(size), 0);
}

/** The sum over collectors; undefined while one of them does not answer. */
export async function queuedAt(metricsEndpoints: string[], withinMs = 2_000): Promise<number | undefined> {
    try {
        const sizes = await Promise.all(
            metricsEndpoints.map(async (endpoint) => {
                const response = await fetch(endpoint, { signal: AbortSignal.timeout(withinMs) });
                return queuedIn(await response.text());
            }),
        );
        return sizes.reduce((sum, size) => sum + size, 0);
    } catch {
        return undefined;
    }
}
