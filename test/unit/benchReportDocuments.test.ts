import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as prettier from "prettier";
import { describe, expect, it, onTestFinished } from "vitest";
import { performanceDocument } from "../../bench/report/performance";
import { reliabilityDocument } from "../../bench/report/reliability";
import { writePerformance, writeReliability } from "../../bench/report/write";
import { benchResult, faultRow, faultRows, machine } from "../support/benchFixtures";

/** What prettier makes of it with the configuration of this project; the same text where it has nothing to change. */
async function formatted(name: string, markdown: string): Promise<string> {
    const filepath = join(__dirname, "../../docs", name);
    const config = await prettier.resolveConfig(filepath);
    expect(config).not.toBeNull();
    return prettier.format(markdown, { ...config, filepath });
}

const reliability = (rows = faultRows) => reliabilityDocument(rows, machine).markdown;
const performance = (result = benchResult) => performanceDocument(result, machine).markdown;

/** The cells of the rows that name something, and their table's head. */
function cellsOf(markdown: string, name: string): string[][] {
    return markdown
        .split("\n")
        .filter((line) => line.startsWith("|") && line.includes(name))
        .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
}

const under = (markdown: string, heading: string) => markdown.split(`${heading}\n`)[1]?.split(/\n##+ /)[0] ?? "";

const hard = "a|b * c_ _d_ load_balancing `x` <b> [y](z) \\ it's\n1.5 % #2 > 3 & ~4 + 5 - 6 http://10.0.0.1:4317/a_b";

describe("documents pass the check of the sources as they are", () => {
    it.each([
        ["reliability.md", reliability()],
        ["reliability.md", reliability([])],
        ["reliability.md", reliability([faultRow({ scenario: hard, resolver: hard, passed: false, missed: [hard] })])],
        ["reliability.md", reliability([faultRow({ scenario: hard, skipped: hard })])],
        ["performance.md", performance()],
        ["performance.md", performance({})],
        ["performance.md", performance({ cost: [], latency: [], balance: [], tuning: [] })],
        [
            "performance.md",
            performance({
                tuning: benchResult.tuning!.map((alternative) => ({ ...alternative, label: hard, changed: hard })),
            }),
        ],
    ])("%s", async (name, markdown) => {
        expect(await formatted(name, markdown)).toBe(markdown);
    });
});

describe("docs/reliability.md", () => {
    it("has a table for each platform and resolver, with what each scenario of the custody profile came to", () => {
        expect(cellsOf(under(reliability(), "### docker, dns"), "gateway SIGKILL")).toEqual([
            ["gateway SIGKILL", "12 000", "0", "48 (0.40 %)", "21 / 30", "0", "3", "1 240", "yes"],
        ]);
        expect(cellsOf(under(reliability(), "### docker, static"), "gateway SIGKILL")).toHaveLength(1);
        expect(cellsOf(under(reliability(), "### kubernetes, k8s"), "1 (<0.01 %)")).toHaveLength(1);
    });

    it("has what everybody deploys in a table of its own, without bars", () => {
        const table = under(reliability(), "## As everybody deploys it");
        expect(cellsOf(table, "SIGKILL").map((cells) => cells.slice(0, 5))).toEqual([
            ["docker", "static", "gateway SIGKILL", "12 000", "2 292"],
        ]);
        expect(under(reliability(), "## Bars that were missed, and by how much")).toMatch(/^\nNone\.\n/);
    });

    it("says of each negative control whether it failed as it must", () => {
        const table = (rows = faultRows) => under(reliability(rows), "## Negative controls");
        expect(cellsOf(table(), "yes").map((cells) => cells[3])).toEqual(["scale-in", "lists that differ"]);
        expect(table([faultRow({ control: true, passed: false })])).toContain("**no**");
        expect(table([])).toContain("None ran");
    });

    it("tells what was missed and what did not run, and why", () => {
        const missed = under(
            reliability([...faultRows, faultRow({ passed: false, missed: ["Lost 7 spans."] })]),
            "## Bars that were missed, and by how much",
        );
        expect(missed).toContain("- gateway SIGKILL (docker, dns, custody): Lost 7 spans.");
        expect(reliability()).toContain("- a disk that is full (kubernetes, dns, custody): no disk to fill");
        expect(cellsOf(reliability(), "a disk that is full")).toEqual([]);
    });

    it("names the machine", () => {
        expect(reliability()).toContain(
            "Measured on 2026-08-01 at commit abc1234+changes: 2 cores of AMD EPYC \\*7_R13\\* \\<x86>, 24 GiB, linux 6.1.0, " +
                "Node.js 22.1.0, Docker 28.2.2, collector 0.161.0.",
        );
    });

    it("shows no plot that there is not", () => {
        expect(reliability()).toContain("](reliability.svg)");
        expect(reliability([])).not.toContain(".svg");
    });
});

describe("docs/performance.md", () => {
    it("judges by the median of the ratios within the rounds", () => {
        const rounds = [10, 20, 30].map((slow) => ({
            hop: { total: slow, byTier: {} },
            custody: { total: 2 * slow + (slow === 30 ? 60 : 0), byTier: { gateway: slow } },
        }));
        const markdown = performance({ cost: [{ spansPerSecond: 5_000, rounds }] });
        expect(cellsOf(under(markdown, "## CPU a span"), " custody ")[0]).toEqual(
            ["5 000", "custody", "3", "40.0 (20.0 to 120)", "", "20.0", "", "2.00 (2.00 to 4.00)", ""],
        ); // prettier-ignore
        expect(cellsOf(markdown, "custody to hop")[0]?.slice(1)).toEqual(["2.00 times", "at most 2.5 times", "yes"]);
    });

    it("gives all other figures", () => {
        expect(cellsOf(under(performance(), "## Throughput"), "custody")).toEqual([["custody", "12 400"]]);
        expect(cellsOf(under(performance(), "## Latency"), "5 000")[2]).toEqual([
            "5 000",
            "custody",
            "118",
            "265",
            "256",
        ]);
        expect(cellsOf(performance(), "load-balancer ").at(-1)).toEqual(["load-balancer", "300", "512", "58.6 %"]);
        expect(cellsOf(performance(), "33.33 (33.33), 33.33 (33.33)")[0]?.[0]).toBe("3");
        expect(cellsOf(under(performance(), "### Batching"), "flush 200 ms")[0]).toEqual(
            ["**flush 200 ms**", "sending_queue.batch {flush_timeout: 200ms \\| min_size: 4000}", "44.3", "260", "yes"],
        ); // prettier-ignore
    });

    it("says what was not measured, and shows no plot of it", () => {
        const markdown = performance({ throughput: { documented: 9_000, custody: 12_400 } });
        expect(under(markdown, "## Latency")).toContain("Not measured in this run.");
        expect(markdown).not.toContain(".svg");
    });
});

describe("writing", () => {
    function folder(): string {
        const path = mkdtempSync(join(tmpdir(), "bench-report-"));
        onTestFinished(() => rmSync(path, { recursive: true }));
        return path;
    }

    it("puts both documents and their plots side by side, the same each time", () => {
        const [docs, again] = [folder(), folder()];
        for (const each of [docs, again]) {
            writeReliability(faultRows, machine, each);
            writePerformance(benchResult, machine, each);
        }
        const names = ["latency.svg", "performance.md", "performance.svg", "reliability.md", "reliability.svg"];
        expect(readdirSync(docs).sort()).toEqual(names);
        for (const name of names) expect(readFileSync(join(docs, name))).toEqual(readFileSync(join(again, name)));
    });

    it("keeps what a person wrote, and nothing else", () => {
        const docs = folder();
        const file = join(docs, "reliability.md");
        writeReliability([], machine, docs);
        const mine = "<!-- by hand -->\n\nIt cost $& and $1.\n\n<!-- end -->";
        const edited = readFileSync(file, "utf8").replace(/<!-- by hand -->[^]*<!-- end -->/, () => mine);
        writeFileSync(file, edited.replace("# Reliability, measured", "# Something else"));
        writeReliability(faultRows, machine, docs);
        const written = readFileSync(file, "utf8");
        expect(written).toContain(mine);
        expect(written).toContain("# Reliability, measured");
        expect(written).toContain("12 000");
    });
});
