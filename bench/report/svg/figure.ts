export interface Caption {
    title: string;
    /** What it shows, for those who cannot see it. */
    description: string;
}

export interface Legend {
    label: string;
    colour: string;
    dashed?: boolean;
}

export const width = 760;
export const margin = 24;

/** Told apart also by those who are colour-blind. */
export const colours = {
    grey: "#7a7a7a",
    orange: "#e08e00",
    blue: "#0072b2",
    sky: "#56b4e9",
    green: "#009e73",
    red: "#c0392b",
};

export const ink = "#1f2328";
const pale = "#d8dee4";
const lineHeight = 20;

/** On a page of its own colour, so that it reads the same on light and dark ones. */
export function figure(
    { title, description }: Caption,
    legend: Legend[],
    draw: (top: number) => { parts: string[]; bottom: number },
): string {
    const key = legendParts(legend, 56);
    const { parts, bottom } = draw(key.bottom);
    const height = round(bottom + margin);
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
            ` role="img" aria-labelledby="title description"` +
            ` font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">`,
        `<title id="title">${escaped(title)}</title>`,
        `<desc id="description">${escaped(description)}</desc>`,
        `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6" fill="#ffffff" stroke="${pale}"/>`,
        text(margin, 32, title, { size: 16, bold: true }),
        ...key.parts,
        ...parts,
        "</svg>",
        "",
    ].join("\n");
}

function legendParts(legend: Legend[], top: number): { parts: string[]; bottom: number } {
    let [x, y] = [margin, top];
    const parts = legend.flatMap(({ label, colour, dashed }) => {
        const space = 34 + textWidth(label);
        if (x > margin && x + space > width - margin) [x, y] = [margin, y + lineHeight];
        const at = x;
        x += space;
        return [
            line({ x1: at, y1: y - 4, x2: at + 16, y2: y - 4 }, colour, { thick: 4, dashed }),
            text(at + 22, y, label),
        ];
    });
    return { parts, bottom: y + lineHeight / 2 };
}

interface TextStyle {
    size?: number;
    bold?: boolean;
    anchor?: "middle" | "end";
    /** Readable also where a line runs behind it. */
    halo?: boolean;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
    const attributes = [
        style.size ? ` font-size="${style.size}"` : "",
        style.bold ? ' font-weight="600"' : "",
        style.anchor ? ` text-anchor="${style.anchor}"` : "",
        style.halo ? ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' : "",
    ].join("");
    return `<text x="${round(x)}" y="${round(y)}" fill="${ink}"${attributes}>${escaped(content)}</text>`;
}

export function rect(at: { x: number; y: number; width: number; height: number }, colour: string): string {
    return `<rect x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}" fill="${colour}"/>`;
}

export function line(
    { x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number },
    colour = pale,
    { thick = 1, dashed = false }: { thick?: number; dashed?: boolean } = {},
): string {
    const dashes = dashed ? ' stroke-dasharray="5 3"' : "";
    return (
        `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"` +
        ` stroke="${colour}" stroke-width="${thick}"${dashes}/>`
    );
}

/** Fonts differ from machine to machine: a generous guess. */
export const textWidth = (content: string) => content.length * 7.3;

/** Tenths of a pixel are enough, and the same on every machine. */
export const round = (value: number) => Math.round(value * 10) / 10;

function escaped(content: string): string {
    return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
