import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isLocked, locked } from "../../toolchain/lock.mjs";

describe("a lock", () => {
    let folder = "";
    const file = () => join(folder, "deeper", "lock");
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("is held by one at a time, and only while it works", async () => {
        const log: string[] = [];
        const work = (name: string) => async () => {
            log.push(`${name} begins`);
            await new Promise((resolve) => setTimeout(resolve, 20));
            expect(isLocked(file())).toBe(true);
            log.push(`${name} ends`);
        };
        await Promise.all([locked(file(), work("one")), locked(file(), work("two"))]);
        const first = log[0]?.split(" ")[0];
        const second = first === "one" ? "two" : "one";
        expect(log).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
        expect(isLocked(file())).toBe(false);
    });

    it("is let go by work that fails", async () => {
        await expect(locked(file(), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
        expect(isLocked(file())).toBe(false);
    });

    it("of a process that is gone is nobody's", async () => {
        const dead = join(folder, "lock");
        writeFileSync(dead, "4194305"); // more than Linux gives
        expect(isLocked(dead)).toBe(false);
        expect(await locked(dead, () => Promise.resolve("taken over"))).toBe("taken over");
    });
});
