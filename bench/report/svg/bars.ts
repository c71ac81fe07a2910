import { measured } from "../numbers";
import { type Caption, figure, ink, type Legend, line, margin, rect, text, textWidth, width } from "./figure";
import { type Scale, scaleFor } from "./scale";

export interface BarChart extends Caption {
    /** What the numbers below the bars are. */
    unit: string;
    legend: Legend[];
    groups: BarGroup[];
}

export interface BarGroup {
    label: string;
    bars: Bar[];
    /** What its bars must not exceed. */
    limit?: number;
}

export interface Bar {
    label: string;
    /** From left to right. */
    pieces: { value: number; colour: string }[];
    /** What is written at its end, where that is not the sum of its pieces. */
    told?: string;
}

const thickness = 14;
const pitch = 19;
const head = 26;
const gap = 10;

/** Groups of horizontal bars, each of one piece or of several in a row, with what it comes to at its end. */
export function barChart(chart: BarChart): string {
    const bars = chart.groups.flatMap((group) => group.bars);
    const left = margin + 12 + Math.max(0, ...bars.map(({ label }) => textWidth(label)));
    const right = width - margin - Math.max(48, ...bars.map((bar) => textWidth(told(bar)) + 8));
    const scale = scaleFor([...bars.map(total), ...chart.groups.map(({ limit }) => limit)]);
    const x = (value: number) => left + scale.share(value) * (right - left);
    return figure(chart, chart.legend, (top) => {
        let y = top;
        const groups = chart.groups.flatMap((group) => {
            const first = y + head;
            y = first + group.bars.length * pitch + gap;
            return [
                text(margin, first - 8, group.label, { bold: true }),
                ...group.bars.flatMap((bar, index) => pieces(bar, x, first + index * pitch)),
                ...(group.limit === undefined ? [] : [limitLine(x(group.limit), first, group.bars.length)]),
                ...group.bars.flatMap((bar, index) => labels(bar, group.limit, x, first + index * pitch)),
            ];
        });
        return { parts: [...axis(scale, x, top, y, chart.unit), ...groups], bottom: y + 32 };
    });
}

function pieces(bar: Bar, x: (value: number) => number, y: number): string[] {
    let from = 0;
    return bar.pieces.map(({ value, colour }) => {
        const start = x(from);
        from += value;
        return rect({ x: start, y, width: x(from) - start, height: thickness }, colour);
    });
}

/** The limit stays visible: what would be written over it is written behind it. */
function labels(bar: Bar, limit: number | undefined, x: (value: number) => number, y: number): string[] {
    const end = x(total(bar)) + 6;
    const line = limit === undefined ? -1 : x(limit);
    const at = line > end - 6 && line < end + textWidth(told(bar)) ? line + 6 : end;
    return [text(x(0) - 8, y + 11, bar.label, { anchor: "end" }), text(at, y + 11, told(bar), { halo: true })];
}

function limitLine(x: number, y: number, bars: number): string {
    return line({ x1: x, y1: y - 3, x2: x, y2: y + bars * pitch - 2 }, ink, { thick: 2, dashed: true });
}

function axis(scale: Scale, x: (value: number) => number, top: number, bottom: number, unit: string): string[] {
    const middle = (x(0) + x(scale.ticks.at(-1)!.value)) / 2;
    return [
        ...scale.ticks.flatMap(({ value, label }) => [
            line({ x1: x(value), y1: top + head - 4, x2: x(value), y2: bottom - 6 }),
            text(x(value), bottom + 10, label, { anchor: "middle" }),
        ]),
        text(middle, bottom + 30, unit, { anchor: "middle" }),
    ];
}

const total = (bar: Bar) => bar.pieces.reduce((sum, { value }) => sum + value, 0);
const told = (bar: Bar) => bar.told ?? measured(total(bar));
