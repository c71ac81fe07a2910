import { describe, expect, it } from "vitest";
import { costPlot, latencyPlot } from "../../bench/report/performancePlots";
import { lossPlot } from "../../bench/report/reliabilityPlot";
import { scaleFor } from "../../bench/report/svg/scale";
import { benchResult, faultRow, faultRows } from "../support/benchFixtures";

const plots = {
    cost: () => costPlot(benchResult.cost!),
    latency: () => latencyPlot(benchResult.latency!),
    loss: () => lossPlot(faultRows)!,
};

const numbers = (svg: string, attribute: string) =>
    [...svg.matchAll(new RegExp(` ${attribute}="(-?[\\d.]+)"`, "g"))].map(([, value]) => Number(value));

/** Tags that are not closed, or closed in another order. */
function unbalanced(svg: string): string[] {
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
        if (selfClosing) continue;
        if (!closing) open.push(name!);
        else if (open.pop() !== name) return [`</${name}>`];
    }
    return open;
}

describe.each(Object.entries(plots))("the plot of %s", (_, plot) => {
    it("is an image of its own, with words for those who cannot see it", () => {
        const svg = plot();
        expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="760" /);
        expect(unbalanced(svg)).toEqual([]);
        expect(svg).toMatch(/<title id="title">[^<]{10,}<\/title>/);
        expect(svg).toMatch(/<desc id="description">[^<]{40,}<\/desc>/);
        expect(svg).not.toMatch(/NaN|undefined|Infinity|href|url\(/);
    });

    it("draws all of it on its own background", () => {
        const svg = plot();
        const height = Number(/ height="(\d+(?:\.\d)?)"/.exec(svg)![1]);
        expect(svg).toContain(`width="759" height="${height - 1}" rx="6" fill="#ffffff"`);
        const across = ["x", "x1", "x2", "cx"].flatMap((attribute) => numbers(svg, attribute));
        const down = ["y", "y1", "y2", "cy"].flatMap((attribute) => numbers(svg, attribute));
        expect(Math.min(...across, ...down)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...across)).toBeLessThanOrEqual(760);
        expect(Math.max(...down)).toBeLessThanOrEqual(height);
    });

    it("is the same each time", () => {
        expect(plot()).toBe(plot());
    });
});

/** Width of each drawn piece of a colour, in order. */
const widths = (svg: string, colour: string) =>
    [...svg.matchAll(/<rect [^>]*?width="([\d.]+)" height="14" fill="([^"]+)"/g)]
        .filter(([, , fill]) => fill === colour)
        .map(([, width]) => Number(width));

describe("plots of the bench", () => {
    it("draw CPU a span to scale, and the stricter of custody's bars where there is one", () => {
        const svg = costPlot(benchResult.cost!);
        const [hop] = widths(svg, "#7a7a7a");
        const [custody] = widths(svg, "#0072b2");
        expect(custody! / hop!).toBeCloseTo(36 / 16, 1);
        expect(svg.match(/stroke-dasharray/g)).toHaveLength(3);
        expect(svg).toContain(">39.6<");
    });

    it("leave the bar visible beside the number of a bar that nearly reaches it", () => {
        const rounds = [{ hop: { total: 16, byTier: {} }, custody: { total: 39, byTier: {} } }];
        const svg = costPlot([{ spansPerSecond: 5_000, rounds }]);
        const limit = Number(/x1="([\d.]+)"[^>]*stroke-width="2" stroke-dasharray/.exec(svg)![1]);
        expect(Number(/<text x="([\d.]+)"[^>]*>39.0</.exec(svg)![1])).toBeGreaterThan(limit);
        expect(Number(/<text x="([\d.]+)"[^>]*>16.0</.exec(svg)![1])).toBeLessThan(limit);
    });

    it("draw a line for each configuration and quantile and one for the bar, and none for what was not measured", () => {
        const lines = (svg: string) => svg.match(/<polyline/g)?.length;
        expect(lines(latencyPlot(benchResult.latency!))).toBe(7);
        expect(lines(latencyPlot([{ spansPerSecond: 5_000, configurations: { custody: { p50: 1, p99: 2 } } }]))).toBe(
            2,
        );
    });
});

describe("the plot of the fault lab", () => {
    it("compares the profiles where both went through a scenario", () => {
        const svg = lossPlot(faultRows)!;
        expect(svg).toContain(">gateway SIGKILL, docker<");
        expect(svg).not.toContain("steady");
        expect(svg).toContain(">19.1 % lost, 0 % duplicated<");
        const drawn = [...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, label]) => label);
        expect(drawn).toEqual(["default, static", "custody, dns", "custody, static"]);
    });

    it("shows custody alone where nothing can be compared, and nothing of nothing", () => {
        expect(lossPlot([faultRow({ scenario: "steady" })])).toContain("steady");
        expect(lossPlot([])).toBeUndefined();
        expect(lossPlot([faultRow({ profile: "default" })])).toBeUndefined();
    });

    it("takes a name for a name", () => {
        const svg = lossPlot([faultRow({ scenario: `<3 & "more"` })])!;
        expect(svg).toContain("&lt;3 &amp; &quot;more&quot;");
        expect(unbalanced(svg)).toEqual([]);
    });
});

describe("a scale", () => {
    it.each([[0], [0.003], [1], [7], [99.9], [100], [101], [12_345], [3e6]])(
        "holds %d on few round ticks",
        (largest) => {
            const { ticks, share } = scaleFor([0, largest, undefined, NaN]);
            expect(share(largest)).toBeLessThanOrEqual(1 + 1e-9);
            expect(ticks.length).toBeLessThanOrEqual(6);
            expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
            if (largest > 0) expect(share(largest)).toBeGreaterThan(0.5);
        },
    );
});
