import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nextMessage, startProcess } from "../../bench/process";

const lastWord = (words: number) => startProcess(join(__dirname, "../support/lastWord.ts"), [String(words)]);

describe("a process of the lab", () => {
    it("is heard to the end, although it ends at once", async () => {
        const all = Array.from({ length: 4 }, () => nextMessage(lastWord(500), "last"));
        expect(await Promise.all(all)).toEqual(all.map(() => ({ type: "last" })));
    });

    it("that ends without a word is told from one that is slow", async () => {
        await expect(nextMessage(lastWord(0), "last")).rejects.toThrow("a process ended before it said last");
    });
});
