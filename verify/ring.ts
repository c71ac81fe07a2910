const gauge = /^otelcol_loadbalancer_num_backends(?:\{[^}]*\})? (\d+)/m;

/** How many backends each lb has in its ring, by its own metrics. */
export async function ringSizes(metricsEndpoints: string[]): Promise<number[]> {
    return Promise.all(
        metricsEndpoints.map(async (endpoint) => {
            const response = await fetch(endpoint, { signal: AbortSignal.timeout(10_000) });
            return Number(gauge.exec(await response.text())?.[1] ?? 0);
        }),
    );
}
