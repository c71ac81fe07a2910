import type { Alternative, Balance, BenchResult, MemoryUnderOverload, Throughput } from "./benchResult";
import { handWrittenSection } from "./handWritten";
import { machineLine } from "./machineLine";
import { document, list, literal } from "./markdown";
import { measured, percent, thousands } from "./numbers";
import { judgements, largestDifference, missedBars } from "./performanceBars";
import { costPlot, latencyPlot } from "./performancePlots";
import { costTable, latencyTable } from "./performanceTables";
import type { Machine } from "./row";
import { type Column, table } from "./table";

/** docs/performance.md, and its plots by file name. */
export function performanceDocument(
    result: BenchResult,
    machine: Machine,
): { markdown: string; plots: Record<string, string> } {
    const { cost, throughput, latency, memory, balance, tuning } = result;
    const plots = {
        ...(cost && cost.length > 0 ? { "performance.svg": costPlot(cost) } : {}),
        ...(latency && latency.length > 0 ? { "latency.svg": latencyPlot(latency) } : {}),
    };
    const missed = missedBars(result);
    return {
        markdown: document(
            about,
            "## How to read it",
            list(reading),
            "## The bars",
            machineLine(machine),
            barTable(result),
            "## CPU a span",
            ...section(cost, (at) => ["![CPU a span by rate and configuration](performance.svg)", costTable(at)]),
            "## Throughput",
            ...section(throughput, (rates) => [throughputTable(rates)]),
            "## Latency",
            ...section(latency, (at) => ["![Latency over the rate](latency.svg)", latencyTable(at)]),
            "## Memory at twice the sustainable load",
            ...section(memory, memoryTable),
            "## Balance",
            ...section(balance, (of) => [balanceTable(of)]),
            "## What was chosen, and what lost",
            ...section(tuning, tuningTables),
            "## Bars that were missed, and by how much",
            missed.length > 0 ? list(missed.map(literal)) : "None.",
            handWrittenSection,
        ),
        plots,
    };
}

const about = `# Performance, measured

The bench sends the same spans through four configurations on the same machine, one after another, and reads what their
containers cost. \`npm run bench\` runs all of it and writes this document; \`-- --json FILE\` writes the figures as data too.
Everything here comes from the run below, except what stands between the two comments that say so.`;

const reading = [
    "**hop**: one plain collector, OTLP in and OTLP out. **documented**: the exporter's documented two-tier example with an external hop added. **custody**: what `npm start` deploys, both queues on disk, mTLS between the tiers. **unencrypted**: the same with `mtls: off`, since the first two send in plain text.",
    "**CPU a span**: microseconds of all containers of a configuration, by cgroup accounting, for each span that arrived. A round measures all configurations one after another; a ratio is taken within a round, so a slow minute of the machine hits both sides. Shown are the median and, in brackets, from where to where the rounds went.",
    "**throughput**: the highest rate at which everything that was acknowledged arrived.",
    "**latency**: from sending to arrival. _Added_: what custody takes longer than one hop, at the 99th percentile.",
    "**balance**: each gateway's part of the traces, against the part that our own computation of the ring gives it.",
];

/** A heading without figures says so, instead of looking as if there were nothing to say. */
function section<T>(part: T | undefined, write: (part: T) => string[]): string[] {
    if (part === undefined) return ["Not measured in this run."];
    if (Array.isArray(part) && part.length === 0) return ["There is no figure."];
    return write(part);
}

/** Each bar with what was measured against it. */
export function barTable(result: BenchResult): string {
    const judged = judgements(result);
    if (judged.length === 0) return "This run measured nothing that has a bar.";
    return table(
        [
            { title: "what", cell: ({ what }) => what },
            { title: "measured", cell: ({ figure }) => figure, align: "right" },
            { title: "bar", cell: ({ bar }) => bar, align: "right" },
            { title: "held", cell: ({ held }) => (held ? "yes" : "**no**") },
        ],
        judged,
    );
}

function throughputTable({ documented, custody }: Throughput): string {
    return table(
        [
            { title: "configuration", cell: ([name]) => name },
            { title: "spans/s without loss", cell: ([, rate]) => thousands(rate), align: "right" },
        ],
        [["documented", documented] as const, ["custody", custody] as const],
    );
}

function memoryTable({ spansPerSecond, sentPerSecond, tiers, ...rest }: MemoryUnderOverload): string[] {
    const { lost, refused, queued, crashes } = rest;
    const mebibytes = (bytes: number) => measured(bytes / 2 ** 20);
    return [
        [
            `Asked for were ${thousands(spansPerSecond)} spans/s, and ${thousands(sentPerSecond)} were sent.`,
            "Of each tier the replica that came nearest to its limit.",
            `Acknowledged spans that were lost: ${thousands(lost)}.`,
            `Requests that were refused, each sent again: ${thousands(refused)};`,
            `bytes still queued in the end: ${thousands(queued)}.`,
            ...(crashes.length > 0 ? [`Crashes: ${literal(crashes.join("; "))}.`] : []),
        ].join(" "),
        table(
            [
                { title: "tier", cell: ([tier]) => tier },
                { title: "peak, MiB", cell: ([, { peakBytes }]) => mebibytes(peakBytes), align: "right" },
                { title: "limit, MiB", cell: ([, { limitBytes }]) => mebibytes(limitBytes), align: "right" },
                {
                    title: "of the limit",
                    cell: ([, { peakBytes, limitBytes }]) => percent(peakBytes, limitBytes),
                    align: "right",
                },
            ],
            Object.entries(tiers),
        ),
    ];
}

function balanceTable(balance: Balance[]): string {
    const share = (part: number) => (100 * part).toFixed(2);
    const columns: Column<Balance>[] = [
        { title: "gateways", cell: ({ gateways }) => String(gateways), align: "right" },
        {
            title: "share of each, % (the ring's)",
            cell: ({ shares }) =>
                Object.values(shares)
                    .map(({ measured: got, ring }) => `${share(got)} (${share(ring)})`)
                    .join(", "),
        },
        { title: "largest difference", cell: (at) => percent(largestDifference(at), 1), align: "right" },
    ];
    return table(columns, balance);
}

/** What was weighed, a table for each topic. */
export function tuningTables(tuning: Alternative[]): string[] {
    const topics = [...new Set(tuning.map(({ topic }) => topic))];
    return [
        "Each with everything else as it is shipped.",
        ...topics.flatMap((topic) => [
            `### ${topic.replace(/^[a-z]/, (first) => first.toUpperCase())}`,
            table(
                alternatives,
                tuning.filter((alternative) => alternative.topic === topic),
            ),
        ]),
    ];
}

const alternatives: Column<Alternative>[] = [
    { title: "alternative", cell: ({ label, chosen }) => (chosen ? `**${literal(label)}**` : literal(label)) },
    { title: "what is different", cell: ({ changed }) => literal(changed) },
    { title: "CPU a span, us", cell: (at) => measured(at.cpuMicrosPerSpan), align: "right" },
    { title: "p99, ms", cell: ({ p99Ms }) => measured(p99Ms), align: "right" },
    { title: "chosen", cell: ({ chosen }) => (chosen ? "yes" : "") },
];
