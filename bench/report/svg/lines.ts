import { type Caption, figure, type Legend, line, margin, round, text, textWidth, width } from "./figure";
import { type Scale, scaleFor } from "./scale";

export interface LineChart extends Caption {
    /** What goes to the right. */
    x: string;
    /** What goes up. */
    y: string;
    series: Series[];
}

export interface Series extends Legend {
    points: { x: number; y: number }[];
}

const plotHeight = 280;

/** A line for each series, from 0 in both directions. */
export function lineChart(chart: LineChart): string {
    const points = chart.series.flatMap((series) => series.points);
    const across = scaleFor(points.map((point) => point.x));
    const up = scaleFor(points.map((point) => point.y));
    return figure(chart, chart.series, (top) => {
        const left = margin + 10 + Math.max(...up.ticks.map(({ label }) => textWidth(label)));
        const area = { left, right: width - margin - 16, top: top + 28, bottom: top + 28 + plotHeight };
        const at = (point: { x: number; y: number }) => ({
            x: round(area.left + across.share(point.x) * (area.right - area.left)),
            y: round(area.bottom - up.share(point.y) * plotHeight),
        });
        return {
            parts: [
                text(margin, top + 12, chart.y),
                ...grid(across, up, area, at),
                text((area.left + area.right) / 2, area.bottom + 38, chart.x, { anchor: "middle" }),
                ...chart.series.flatMap((series) => drawn(series, series.points.map(at))),
            ],
            bottom: area.bottom + 40,
        };
    });
}

type Place = (point: { x: number; y: number }) => { x: number; y: number };

function grid(
    across: Scale,
    up: Scale,
    area: { left: number; right: number; top: number; bottom: number },
    at: Place,
): string[] {
    return [
        ...up.ticks.flatMap(({ value, label }) => {
            const { y } = at({ x: 0, y: value });
            return [
                line({ x1: area.left, y1: y, x2: area.right, y2: y }),
                text(area.left - 8, y + 4, label, { anchor: "end" }),
            ];
        }),
        ...across.ticks.flatMap(({ value, label }) => {
            const { x } = at({ x: value, y: 0 });
            return [
                line({ x1: x, y1: area.top, x2: x, y2: area.bottom }),
                text(x, area.bottom + 18, label, { anchor: "middle" }),
            ];
        }),
    ];
}

function drawn({ colour, dashed }: Series, places: { x: number; y: number }[]): string[] {
    const path = places.map(({ x, y }) => `${x},${y}`).join(" ");
    const dashes = dashed ? ' stroke-dasharray="5 3"' : "";
    return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`,
        ...places.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`),
    ];
}
