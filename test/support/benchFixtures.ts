import type { BenchResult, Cost } from "../../bench/report/benchResult";
import type { FaultRow, Machine } from "../../bench/report/row";

export const machine: Machine = {
    cores: 2,
    processor: "AMD EPYC *7_R13* <x86>",
    memoryGiB: 24,
    kernel: "linux 6.1.0",
    node: "22.1.0",
    docker: "28.2.2",
    collector: "0.161.0",
    commit: "abc1234+changes",
    date: "2026-08-01",
};

export function faultRow(over: Partial<FaultRow> = {}): FaultRow {
    return {
        platform: "docker",
        resolver: "dns",
        profile: "custody",
        scenario: "gateway SIGKILL",
        acknowledged: 12_000,
        lost: 0,
        invented: 0,
        duplicated: 48,
        splitInside: 21,
        splitOutside: 0,
        predictedSplit: 30,
        misrouted: 0,
        shares: {},
        latencyMs: { p50: 110, p99: 1_240, max: 5_000 },
        refused: 3,
        seconds: 60,
        passed: true,
        missed: [],
        control: false,
        ...over,
    };
}

/** A run that holds: each kind of row that there is. */
export const faultRows: FaultRow[] = [
    faultRow({ scenario: "steady", duplicated: 0, splitInside: 0, predictedSplit: 0, refused: 0 }),
    faultRow(),
    faultRow({ resolver: "static", duplicated: 0, splitInside: 0 }),
    faultRow({ platform: "kubernetes", resolver: "k8s", duplicated: 1 }),
    faultRow({
        profile: "default",
        resolver: "static",
        lost: 2_292,
        duplicated: 0,
        passed: false,
        missed: ["Lost 2292."],
    }),
    faultRow({ profile: "default", resolver: "static", scenario: "scale-in", lost: 762, control: true }),
    faultRow({ scenario: "lists that differ", splitOutside: 800, control: true }),
    faultRow({ scenario: "a disk that is full", platform: "kubernetes", acknowledged: 0, skipped: "no disk to fill" }),
];

const cost = (total: number): Cost => ({
    total,
    byTier: { "load-balancer": total / 2, gateway: total / 4, "external-gateway": total / 4 },
});

const costRound = (slowness: number) => ({
    hop: { total: 16 * slowness, byTier: {} },
    documented: cost(56 * slowness),
    custody: cost(36 * slowness),
});

export const shares = (gateways: number, off = 0) =>
    Object.fromEntries(
        Array.from({ length: gateways }, (_, index) => [
            `gateway-${index + 1}`,
            { measured: 1 / gateways + (index === 0 ? off : 0), ring: 1 / gateways },
        ]),
    );

/** Every bar holds. */
export const benchResult: BenchResult = {
    cost: [600, 5_000, 10_000].map((spansPerSecond) => ({ spansPerSecond, rounds: [1, 1.3, 1.1].map(costRound) })),
    throughput: { documented: 9_000, custody: 12_400 },
    latency: [600, 5_000, 10_000].map((spansPerSecond) => ({
        spansPerSecond,
        configurations: {
            hop: { p50: 2, p99: 9.4 },
            documented: { p50: 410, p99: 640 },
            custody: { p50: 118, p99: 240 + spansPerSecond / 200 },
        },
    })),
    memory: {
        spansPerSecond: 24_800,
        sentPerSecond: 23_000,
        tiers: { "load-balancer": { peakBytes: 300 * 2 ** 20, limitBytes: 512 * 2 ** 20 } },
        lost: 0,
        refused: 12,
        queued: 0,
        crashes: [],
    },
    balance: [1, 2, 3, 4, 5, 6, 7, 8].map((gateways) => ({ gateways, shares: shares(gateways) })),
    tuning: [
        {
            topic: "batching",
            label: "flush 200 ms",
            changed: "sending_queue.batch {flush_timeout: 200ms | min_size: 4000}",
            cpuMicrosPerSpan: 44.3,
            p99Ms: 260,
            chosen: true,
        },
        { topic: "batching", label: "none", changed: "no batch", cpuMicrosPerSpan: 69.5, p99Ms: 90, chosen: false },
        { topic: "GOMEMLIMIT", label: "80 %", changed: "GOMEMLIMIT", cpuMicrosPerSpan: 44, p99Ms: 260, chosen: true },
    ],
};
