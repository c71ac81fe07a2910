import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import * as prettier from "prettier";
import { handWrittenSection, keepHandWritten } from "../../bench/report/handWritten";
import { readMachine } from "../../bench/report/machine";
import { literal } from "../../bench/report/markdown";
import { measured, median, percent, thousands } from "../../bench/report/numbers";
import { table } from "../../bench/report/table";
import { InvalidInput } from "../../components";

describe("numbers", () => {
    it("are told in thousands, with about three digits", () => {
        expect([0, 999, 1_000, 1_234_567, -12_000].map((value) => thousands(value))).toEqual(
            ["0", "999", "1 000", "1 234 567", "-12 000"],
        ); // prettier-ignore
        expect(thousands(1_234.56, 1)).toBe("1 234.6");
        expect([0, 2.518, 44.34, 369.6, 12_345.6].map(measured)).toEqual(["0.00", "2.52", "44.3", "370", "12 346"]);
        expect(thousands(NaN)).toBe("unknown");
    });

    it("are told as 0 % only when they are", () => {
        expect([0, 1, 48, 2_292].map((part) => percent(part, 100_000))).toEqual(["0 %", "<0.01 %", "0.05 %", "2.29 %"]);
        expect(percent(0, 0)).toBe("0 %");
        expect(percent(1, 0)).toBe("unknown");
    });

    it("have a median, unless there are none", () => {
        expect(
            [
                [3, 1, 2],
                [4, 1, 2, 3],
                [10, 9],
            ].map(median),
        ).toEqual([2, 2.5, 9.5]);
        expect(median([])).toBeNaN();
    });
});

describe("a table", () => {
    it("has its numbers on the right", () => {
        const rows = [
            ["steady", "12 000"],
            ["a|b", "1"],
        ];
        expect(
            table(
                [
                    { title: "scenario", cell: ([name]) => name! },
                    { title: "lost", cell: ([, lost]) => lost!, align: "right" },
                ],
                rows,
            ),
        ).toBe(
            [
                "| scenario |   lost |", //
                "| -------- | -----: |",
                "| steady   | 12 000 |",
                "| a\\|b     |      1 |",
            ].join("\n"),
        );
    });

    it("is left as it is by prettier, whatever words it is given", async () => {
        const word = fc.string({ unit: fc.constantFrom(..."ab1 _*`|<>[]()\\#+-.:/&~!'\"$\n"), maxLength: 12 });
        await fc.assert(
            fc.asyncProperty(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 }), async (rows) => {
                const markdown = table(
                    [
                        { title: "what", cell: ([what]) => literal(what) },
                        { title: "n", cell: ([, much]) => literal(much), align: "right" },
                    ],
                    rows,
                );
                expect(await prettier.format(`${markdown}\n`, { parser: "markdown" })).toBe(`${markdown}\n`);
            }),
            { numRuns: 300 },
        );
    });
});

describe("what a person wrote", () => {
    const generated = `# New\n\n${handWrittenSection}\n\nlast\n`;

    it("is kept, also where it looks like something else", () => {
        const kept = "<!-- by hand -->\n\n$& $1 <!-- end --> quoted\n\n<!-- end -->";
        expect(keepHandWritten(`# Old\n\nolder\n\n${kept}\n\nold\n`, generated)).toBe(`# New\n\n${kept}\n\nlast\n`);
    });

    it("does not come from nowhere", () => {
        expect(keepHandWritten(undefined, generated)).toBe(generated);
        expect(keepHandWritten("# Old\n", generated)).toBe(generated);
    });

    it.each(["<!-- by hand -->\n\nmine\n", "mine\n\n<!-- end -->\n", "<!-- end -->\n\nmine\n\n<!-- by hand -->\n"])(
        "is not lost where a mark is missing or misplaced: %j",
        (existing) => {
            expect(() => keepHandWritten(existing, generated)).toThrow(InvalidInput);
        },
    );
});

describe("the machine", () => {
    it("is read where the run is", async () => {
        const { collector } = JSON.parse(readFileSync("toolchain/versions.json", "utf8")) as { collector: string };
        const machine = await readMachine("1.34.3");
        expect(machine).toMatchObject({ node: process.versions.node, kubernetes: "1.34.3", collector });
        expect(machine.cores).toBeGreaterThan(0);
        expect(machine.memoryGiB).toBeGreaterThan(0);
        expect(machine.date).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect(machine.commit).toMatch(/^([0-9a-f]{7,}(\+changes)?|unknown)$/);
        expect(await readMachine()).not.toHaveProperty("kubernetes");
    });
});
