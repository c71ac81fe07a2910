import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { queuedAt, queuedIn } from "../../bench/rigs/queued";
import { ringSizes, ringView } from "../../verify/ring";

const metrics = `# TYPE otelcol_exporter_queue_capacity gauge
otelcol_exporter_queue_capacity{data_type="traces",exporter="load_balancing"} 20000
# TYPE otelcol_exporter_queue_size gauge
otelcol_exporter_queue_size{data_type="traces",exporter="load_balancing"} 7
otelcol_exporter_queue_size{data_type="logs",exporter="load_balancing/logs"} 1.5e+03
# TYPE otelcol_loadbalancer_num_backend_updates counter
otelcol_loadbalancer_num_backend_updates{resolver="dns"} 6
# TYPE otelcol_loadbalancer_num_backends gauge
otelcol_loadbalancer_num_backends{resolver="dns"} 4
`;

/** A collector that answers, or one that takes connections only. */
async function onCollector(answers: boolean, look: (endpoint: string) => Promise<void>): Promise<void> {
    const server = createServer((_, response) => void (answers && response.end(metrics)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
        await look(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`);
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

test("the queues of all signals count, their capacity does not", () => {
    expect(queuedIn(metrics)).toBe(1_507);
    expect(queuedIn("")).toBe(0);
});

test("the queues of all collectors count, and none while one does not answer", () =>
    onCollector(true, async (one) => {
        expect(await queuedAt([one, one])).toBe(3_014);
        await onCollector(false, async (frozen) => expect(await queuedAt([one, frozen], 100)).toBeUndefined());
    }));

test("an lb's ring is read as it stands, and how often it changed", () =>
    onCollector(true, async (endpoint) => {
        expect(await ringView(endpoint, 1_000)).toEqual({ backends: 4, updates: 6 });
        expect(await ringSizes([endpoint])).toEqual([4]);
        await onCollector(false, (frozen) => expect(ringView(frozen, 100)).rejects.toThrow());
    }));
