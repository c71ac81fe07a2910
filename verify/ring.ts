const backends = /^otelcol_loadbalancer_num_backends(?:\{[^}]*\})? (\d+)/m;
const updates = /^otelcol_loadbalancer_num_backend_updates(?:\{[^}]*\})? (\d+)/m;

/** What an lb's own metrics say of its ring. */
export interface RingView {
    backends: number;
    /** How often the ring changed, each time counted once for every exporter: those of all signals share the series. */
    updates: number;
}

/** How many backends each lb has in its ring, by its own metrics. */
export async function ringSizes(metricsEndpoints: string[]): Promise<number[]> {
    const views = await Promise.all(metricsEndpoints.map((endpoint) => ringView(endpoint, 10_000)));
    return views.map(({ backends }) => backends);
}

/** @throws when the lb does not answer in time */
export async function ringView(metricsEndpoint: string, withinMs: number): Promise<RingView> {
    const response = await fetch(metricsEndpoint, { signal: AbortSignal.timeout(withinMs) });
    const text = await response.text();
    const read = (series: RegExp) => Number(series.exec(text)?.[1] ?? 0);
    return { backends: read(backends), updates: read(updates) };
}
