import type { Tier } from "../rigs/rig";

/**
 * What is compared: `hop` is one plain collector, `documented` the exporter's documented two-tier example with an external
 * hop, both in plain text; `custody` what `npm start` deploys, and `unencrypted` the same with `mtls: off`, as the others are.
 */
export const configurations = ["hop", "documented", "custody", "unencrypted"] as const;
export type Configuration = (typeof configurations)[number];

/** What one run of the bench measured: the JSON of `npm run bench`. What it was not asked for is absent. */
export interface BenchResult {
    cost?: CostAtRate[];
    throughput?: Throughput;
    latency?: LatencyAtRate[];
    memory?: MemoryUnderOverload;
    balance?: Balance[];
    tuning?: Alternative[];
}

export interface CostAtRate {
    spansPerSecond: number;
    /** In a round all configurations are measured one after another, so that a slow minute of the machine hits them alike. */
    rounds: Partial<Record<Configuration, Cost>>[];
}

/** CPU microseconds of the containers, by cgroup accounting, for each span that arrived. */
export interface Cost {
    total: number;
    /** Empty for a configuration without tiers. */
    byTier: Partial<Record<Tier, number>>;
}

/** The highest rates without loss, in spans a second. */
export interface Throughput {
    documented: number;
    custody: number;
}

export interface LatencyAtRate {
    spansPerSecond: number;
    /** From sending to arrival, in milliseconds. */
    configurations: Partial<Record<Configuration, { p50: number; p99: number }>>;
}

/** The custody profile at twice the load that it sustains. */
export interface MemoryUnderOverload {
    spansPerSecond: number;
    /** What the generator came to, next to collectors that leave it no more of the machine. */
    sentPerSecond: number;
    /** Of the replica that came nearest to its limit. */
    tiers: Partial<Record<Tier, { peakBytes: number; limitBytes: number }>>;
    /** Acknowledged spans that never arrived. */
    lost: number;
    /** Requests that were refused; each was sent again. */
    refused: number;
    /** Bytes that were still in queues long after the load. */
    queued: number;
    /** Collectors that ended without having been asked to, or were killed for their memory, in a sentence each. */
    crashes: string[];
}

export interface Balance {
    gateways: number;
    /** By gateway: its part of the traces, and the part that the ring gives it, 0 to 1. */
    shares: Record<string, { measured: number; ring: number }>;
}

/** Something that could have been chosen, with everything else as it is shipped. */
export interface Alternative {
    topic: "batching" | "compression" | "consumers" | "sizer" | "message size" | "GOGC" | "GOMEMLIMIT";
    label: string;
    /** What is different, as it stands in the configuration. */
    changed: string;
    cpuMicrosPerSpan: number;
    p99Ms: number;
    chosen: boolean;
}
