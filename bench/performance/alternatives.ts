import type { Config } from "../../components/collector/config";
import { memoryBytes } from "../../components/collector/quantity";
import { sizes } from "../../components/collector/sizes";
import type { Alternative } from "../report/benchResult";
import type { Variation } from "./shippedCollectors";

/** Something that can be chosen; the one that changes nothing of what is shipped is the one that was. */
export interface Choice extends Variation {
    topic: Alternative["topic"];
    label: string;
}

const lb = (exporter: Config): Variation["configs"] => ({
    "load-balancer": { exporters: { load_balancing: exporter } },
});
const gateway = (exporter: Config): Variation["configs"] => ({
    gateway: { exporters: { "otlp_grpc/external": exporter } },
});

/** In every case the whole batch, so that nothing is left of the one that is shipped. */
const inBytes = (flush: string, minSize = 768 << 10) => ({
    sizer: "bytes",
    flush_timeout: flush,
    min_size: minSize,
    max_size: 1 << 24,
});
const inItems = { sizer: "items", flush_timeout: "150ms", min_size: 4_000, max_size: null };

const flushing = (flush: string): Choice => ({
    topic: "batching",
    label: `the lb, for ${flush}`,
    configs: lb({ sending_queue: { batch: inBytes(flush) } }),
});

const filling = (kibibytes: number): Choice => ({
    topic: "message size",
    label: `${kibibytes} KiB`,
    configs: lb({ sending_queue: { batch: inBytes("150ms", kibibytes << 10) } }),
});

const compressing = (compression: string): Choice => ({
    topic: "compression",
    label: compression,
    configs: { ...lb({ protocol: { otlp: { compression } } }), ...gateway({ compression }) },
});

const consuming = (consumers: number): Choice => ({
    topic: "consumers",
    label: `${consumers} at the lb`,
    configs: lb({ sending_queue: { num_consumers: consumers } }),
});

const sizing = (sizer: string, queueSize: number): Choice => ({
    topic: "sizer",
    label: `${sizer}, at the lb`,
    configs: lb({ sending_queue: { sizer, queue_size: queueSize } }),
});

const collecting = (percent: number): Choice => ({
    topic: "GOGC",
    label: String(percent),
    environment: { GOGC: String(percent) },
});

const limiting = (percent: number): Choice => ({
    topic: "GOMEMLIMIT",
    label: `${percent} % of the memory limit`,
    environment: { GOMEMLIMIT: String(Math.floor((memoryBytes("memory", sizes.small.memory) * percent) / 100)) },
});

/** All that was weighed, by topic. */
export const choices: Choice[] = [
    {
        topic: "batching",
        label: "each gateway, for 200 ms, the lb not at all",
        configs: {
            ...lb({ sending_queue: { num_consumers: 400, batch: null } }),
            ...gateway({
                sending_queue: {
                    enabled: true,
                    wait_for_result: true,
                    block_on_overflow: true,
                    batch: { flush_timeout: "200ms", min_size: 4_000 },
                },
            }),
        },
    },
    ...["50ms", "100ms", "150ms", "200ms"].map(flushing),
    { topic: "message size", label: "4 000 items", configs: lb({ sending_queue: { batch: inItems } }) },
    ...[256, 512, 768, 1_024].map(filling),
    ...["none", "snappy", "zstd", "gzip"].map(compressing),
    ...[10, 50, 80, 400].map(consuming),
    sizing("requests", 20_000),
    sizing("items", 20_000 * 100),
    sizing("bytes", 1 << 30),
    ...[100, 200, 400, 800, 1_600].map(collecting),
    ...[45, 60, 80].map(limiting),
];

export const topics = [...new Set(choices.map(({ topic }) => topic))];
