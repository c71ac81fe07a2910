import { type Configuration, configurations, type CostAtRate, type LatencyAtRate } from "./benchResult";
import { measured, median, thousands } from "./numbers";
import { bars, costLimit, costOf } from "./performanceBars";
import { barChart } from "./svg/bars";
import { colours, ink } from "./svg/figure";
import { lineChart, type Series } from "./svg/lines";

const colourOf: Record<Configuration, string> = {
    hop: colours.grey,
    documented: colours.orange,
    custody: colours.blue,
    unencrypted: colours.sky,
};

export function costPlot(cost: CostAtRate[]): string {
    const { hop, documented } = bars.cost;
    const groups = cost.map((at) => ({
        label: `${thousands(at.spansPerSecond)} spans/s`,
        bars: configurations.flatMap((configuration) => {
            const value = median(costOf(at, configuration));
            return Number.isFinite(value)
                ? [{ label: configuration, pieces: [{ value, colour: colourOf[configuration] }] }]
                : [];
        }),
        limit: costLimit(at),
    }));
    return barChart({
        title: "CPU a span by rate and configuration",
        description: groups
            .map(
                ({ label, bars: of }) =>
                    `${label}: ${of.map((bar) => `${bar.label} ${measured(bar.pieces[0]!.value)}`).join(", ")}.`,
            )
            .join(" "),
        unit: "CPU microseconds a span, median of the rounds",
        legend: [
            {
                label: `custody's bar: ${hop} times hop and ${documented} times documented, the lesser of them`,
                colour: ink,
                dashed: true,
            },
        ],
        groups,
    });
}

export function latencyPlot(latency: LatencyAtRate[]): string {
    const sorted = [...latency].sort((a, b) => a.spansPerSecond - b.spansPerSecond);
    const series = configurations.flatMap((configuration) =>
        (["p99", "p50"] as const).map((quantile): Series => ({
            label: `${configuration} ${quantile}`,
            colour: colourOf[configuration],
            dashed: quantile === "p50",
            points: sorted.flatMap(({ spansPerSecond, configurations: { [configuration]: at } }) =>
                at && Number.isFinite(at[quantile]) ? [{ x: spansPerSecond, y: at[quantile] }] : [],
            ),
        })),
    );
    const limit: Series = {
        label: `custody's bar: hop p99 + ${bars.addedP99Ms} ms`,
        colour: ink,
        dashed: true,
        points: sorted.flatMap(({ spansPerSecond, configurations: { hop } }) =>
            hop && Number.isFinite(hop.p99) ? [{ x: spansPerSecond, y: hop.p99 + bars.addedP99Ms }] : [],
        ),
    };
    const drawn = [...series, limit].filter(({ points }) => points.length > 0);
    return lineChart({
        title: "Latency over the rate",
        description: drawn
            .map(
                ({ label, points }) =>
                    `${label}: ${points.map(({ x, y }) => `${measured(y)} ms at ${thousands(x)} spans/s`).join(", ")}.`,
            )
            .join(" "),
        x: "spans/s",
        y: "from sending to arrival, ms",
        series: drawn,
    });
}
