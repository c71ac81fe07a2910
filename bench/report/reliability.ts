import { faultRowsMissed, rig } from "./faultRows";
import { handWrittenSection } from "./handWritten";
import { machineLine } from "./machineLine";
import { document, list, literal } from "./markdown";
import { percent, thousands } from "./numbers";
import { lossPlot } from "./reliabilityPlot";
import type { FaultRow, Machine } from "./row";
import { type Column, table } from "./table";

const plotFile = "reliability.svg";

/** docs/reliability.md, and its plots by file name. */
export function reliabilityDocument(
    rows: FaultRow[],
    machine: Machine,
): { markdown: string; plots: Record<string, string> } {
    const ran = rows.filter(({ skipped }) => skipped === undefined);
    const scenarios = ran.filter(({ control }) => !control);
    const asDeployed = scenarios.filter(({ profile }) => profile === "default");
    const plot = lossPlot(ran);
    const missed = faultRowsMissed(rows);
    return {
        markdown: document(
            about,
            "## How to read it",
            list(reading),
            "## The bars",
            "A scenario of the custody profile passed if all that applies to it held:",
            list(theBars),
            "## What was measured",
            machineLine(machine),
            plot && `![Lost and duplicated spans by scenario](${plotFile})`,
            ...tablesByRig(scenarios.filter(({ profile }) => profile === "custody")),
            asDeployed.length > 0 ? asEverybodyDeploysIt : undefined,
            asDeployed.length > 0 ? table([...where, scenario, ...counts], asDeployed) : undefined,
            "## Negative controls",
            ...controls(ran.filter(({ control }) => control)),
            "## Bars that were missed, and by how much",
            missed.length > 0 ? list(missed.map(literal)) : "None.",
            handWrittenSection,
            ...notRun(rows),
        ),
        plots: plot === undefined ? {} : { [plotFile]: plot },
    };
}

const about = `# Reliability, measured

The fault lab sends spans through the three tiers, breaks something meanwhile, and compares what was acknowledged with what
arrived. \`npm run faults\` runs all of it and writes this document; \`-- --platform docker|kubernetes\`, \`--scenario NAME\` and
\`--profile custody|default\` run a part, \`--json FILE\` writes the rows as data too. Everything here comes from the run below,
except what stands between the two comments that say so.`;

const reading = [
    "**acknowledged**: spans in requests that a load balancer answered with success.",
    "**lost**: acknowledged, and never arrived at the backend, also after all queues had time to drain.",
    "**duplicated**: arrivals beyond the first of a span, and their share of the acknowledged spans.",
    "**split**: traces whose spans went through more than one gateway. _Inside_: the ring changed while the trace was under way. _Outside_: all others.",
    "**predicted**: traces whose gateway the changes of the ring moved while they were under way, by our own computation of the ring. Only these may be split.",
    "**refused**: requests that a client was refused, and sent again. Nothing in them was acknowledged.",
    "**p99 delay**: from sending to arrival, the 99th percentile. A fault delays what it does not lose.",
];

const theBars = [
    "Lost: 0 everywhere. No replica crashed or was killed for its memory, and all queues were empty in the end.",
    "Duplicated: 0 in steady state, and on Kubernetes also in planned scaling and rolling changes of any tier. With `dns` on Docker at most 0.5 % for SIGTERM, rolling changes and planned scaling, at most 1 % for SIGKILL.",
    "Split: 0 outside, and inside at most 1.2 times what was predicted.",
    "With `static`, whose ring keeps its names (affinity): 0 lost, 0 duplicated and 0 split when a gateway is stopped, killed and back, paused, or changed in a roll.",
];

const asEverybodyDeploysIt = `## As everybody deploys it

The exporter's documented two-tier example with its defaults, for comparison. It has no bars.`;

const where: Column<FaultRow>[] = [
    { title: "platform", cell: ({ platform }) => platform },
    { title: "resolver", cell: ({ resolver }) => literal(resolver) },
];

const scenario: Column<FaultRow> = { title: "scenario", cell: (row) => literal(row.scenario) };

const number = (title: string, value: (row: FaultRow) => number): Column<FaultRow> => ({
    title,
    cell: (row) => thousands(value(row)),
    align: "right",
});

const counts: Column<FaultRow>[] = [
    number("acknowledged", (row) => row.acknowledged),
    number("lost", (row) => row.lost),
    {
        title: "duplicated",
        cell: ({ duplicated, acknowledged }) =>
            duplicated === 0 ? "0" : `${thousands(duplicated)} (${percent(duplicated, acknowledged)})`,
        align: "right",
    },
    {
        title: "split inside / predicted",
        cell: (row) => `${thousands(row.splitInside)} / ${thousands(row.predictedSplit)}`,
        align: "right",
    },
    number("split outside", (row) => row.splitOutside),
    number("refused", (row) => row.refused),
    number("p99 delay, ms", (row) => row.latencyMs.p99),
];

const yesOrNo = (yes: boolean) => (yes ? "yes" : "**no**");

function tablesByRig(rows: FaultRow[]): string[] {
    if (rows.length === 0) return ["No scenario of the custody profile ran."];
    const rigs = [...new Set(rows.map(({ platform, resolver }) => `${platform}, ${resolver}`))];
    return rigs.flatMap((name) => [
        `### ${literal(name)}`,
        table(
            [scenario, ...counts, { title: "passed", cell: ({ passed }) => yesOrNo(passed) }],
            rows.filter(({ platform, resolver }) => `${platform}, ${resolver}` === name),
        ),
    ]);
}

function controls(rows: FaultRow[]): string[] {
    if (rows.length === 0) return ["None ran, so nothing shows that a 0 above means anything."];
    return [
        "These are made to fail. A lab that sees neither loss nor split traces here is broken, and its zeros mean nothing.",
        table(
            [
                ...where,
                { title: "profile", cell: ({ profile }) => profile },
                scenario,
                number("acknowledged", (row) => row.acknowledged),
                number("lost", (row) => row.lost),
                number("split inside", (row) => row.splitInside),
                number("split outside", (row) => row.splitOutside),
                { title: "failed as it must", cell: ({ passed }) => yesOrNo(passed) },
            ],
            rows,
        ),
    ];
}

function notRun(rows: FaultRow[]): string[] {
    const skipped = rows.filter((row) => row.skipped !== undefined);
    if (skipped.length === 0) return [];
    return [
        "## What did not run",
        list(skipped.map((row) => literal(`${row.scenario} (${rig(row)}): ${row.skipped}`))),
    ];
}
