import { tiers } from "../rigs/rig";
import { type Configuration, configurations, type CostAtRate, type LatencyAtRate } from "./benchResult";
import { measured, median, spread, thousands } from "./numbers";
import { addedP99, costOf, costRatios } from "./performanceBars";
import { type Column, table } from "./table";

const ours: Configuration[] = ["custody", "unencrypted"];

type CostLine = { at: CostAtRate; configuration: Configuration };

export function costTable(cost: CostAtRate[]): string {
    const ratio = (to: Configuration): Column<CostLine> => ({
        title: `to ${to}`,
        cell: ({ at, configuration }) =>
            ours.includes(configuration) ? figures(costRatios(at, configuration, to)) : "",
        align: "right",
    });
    const columns: Column<CostLine>[] = [
        { title: "spans/s", cell: ({ at }) => thousands(at.spansPerSecond), align: "right" },
        { title: "configuration", cell: ({ configuration }) => configuration },
        { title: "rounds", cell: (line) => String(totals(line).length), align: "right" },
        { title: "CPU a span, us", cell: (line) => figures(totals(line)), align: "right" },
        ...tiers.map((tier): Column<CostLine> => ({
            title: tier,
            cell: ({ at: { rounds }, configuration }) => {
                const parts = rounds.flatMap((round) => round[configuration]?.byTier[tier] ?? []);
                return parts.length === 0 ? "" : measured(median(parts));
            },
            align: "right",
        })),
        ratio("hop"),
        ratio("documented"),
    ];
    return table(
        columns,
        cost.flatMap((at) => configurations.map((configuration) => ({ at, configuration }))),
    );
}

const totals = ({ at, configuration }: CostLine) => costOf(at, configuration);
const figures = (values: number[]) => (values.length === 0 ? "" : spread(values));

type LatencyLine = { at: LatencyAtRate; configuration: Configuration; p50: number; p99: number };

export function latencyTable(latency: LatencyAtRate[]): string {
    const lines = latency.flatMap((at) =>
        configurations.flatMap((configuration): LatencyLine[] => {
            const found = at.configurations[configuration];
            return found ? [{ at, configuration, ...found }] : [];
        }),
    );
    return table(
        [
            { title: "spans/s", cell: ({ at }) => thousands(at.spansPerSecond), align: "right" },
            { title: "configuration", cell: ({ configuration }) => configuration },
            { title: "p50, ms", cell: ({ p50 }) => measured(p50), align: "right" },
            { title: "p99, ms", cell: ({ p99 }) => measured(p99), align: "right" },
            {
                title: "added p99, ms",
                cell: ({ at, configuration }) => (configuration === "custody" ? measured(addedP99(at)) : ""),
                align: "right",
            },
        ],
        lines,
    );
}
