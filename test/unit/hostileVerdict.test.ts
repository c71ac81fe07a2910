import { describe, expect, it } from "vitest";
import type { Answer, Attack } from "../../bench/hostile/attack";
import { markedTraceId } from "../../bench/hostile/payloads/spans";
import { controlRow, rowOf } from "../../bench/hostile/row";
import { judge } from "../../bench/hostile/siege";
import { hostileMissed, hostileTable } from "../../bench/hostile/table";
import { missed, type Seen, tally } from "../../bench/hostile/verdict";
import { flags, frame, framesIn, goAwayIn, headerBlock } from "../../bench/hostile/wire/frames";

const mib = 2 ** 20;
const refused: Answer = { taken: "refused", said: "HTTP 400" };
const accepted: Answer = { taken: "accepted", said: "HTTP 200" };
const closed: Answer = { taken: "closed", said: "closed" };
const attack: Attack = { name: "a bomb", sends: "one", allows: ["refused"], run: () => Promise.resolve([]) };

const seen = (over: Partial<Seen> = {}): Seen => ({
    answers: [refused],
    memory: { "load-balancer-1": { bytes: 500 * mib, limit: 400 * mib } },
    crashes: [],
    good: { sent: 1_000, acknowledged: 990, lost: 0 },
    arrived: 0,
    ...over,
});

describe("the bars", () => {
    it("hold at their edge", () => expect(missed(attack, seen())).toEqual([]));

    it.each<[string, Partial<Seen>, string]>([
        ["nothing was sent", { answers: [] }, "nothing was sent"],
        ["it was let in", { answers: [refused, accepted] }, "1 times accepted (HTTP 200); allowed: refused"],
        ["it was hung up on, and should have been answered", { answers: [closed] }, "1 times closed; allowed: refused"],
        ["its spans arrived", { arrived: 2 }, "2 of its spans arrived at the backend"],
        ["a collector ended", { crashes: ["gateway-1 ran out of memory"] }, "gateway-1 ran out of memory"],
        [
            "too much memory",
            { memory: { "gateway-1": { bytes: 501 * mib, limit: 400 * mib } } },
            "gateway-1 used 501 MiB; allowed: 500 MiB",
        ],
        ["no good traffic", { good: { sent: 0, acknowledged: 0, lost: 0 } }, "no good client sent anything meanwhile"],
        [
            "refused good traffic",
            { good: { sent: 1_000, acknowledged: 989, lost: 0 } },
            "98.90 % of the good traffic was acknowledged",
        ],
        [
            "a lost span",
            { good: { sent: 1_000, acknowledged: 1_000, lost: 1 } },
            "1 acknowledged spans of good clients were lost",
        ],
    ])("%s", (_, over, sentence) => expect(missed(attack, seen(over))).toEqual([sentence]));

    it("spans may arrive of what may be let in", () => {
        const may = { allows: ["accepted", "refused"] as const };
        expect(missed(may, seen({ answers: [accepted], arrived: 1 }))).toEqual([]);
    });
});

describe("a control", () => {
    it("passes when it misses what it has to", () => {
        const row = controlRow(attack, seen({ answers: [accepted], arrived: 1 }), /arrived at the backend/);
        expect(row).toMatchObject({ control: true, passed: true });
    });

    it.each([
        ["nothing", {}],
        ["something else", { crashes: ["it ended"] }],
    ])("does not pass when it misses %s", (_, over) => {
        const row = controlRow(attack, seen(over), /arrived at the backend/);
        expect(row.passed).toBe(false);
        expect(hostileMissed([row])[0]).toContain("nothing here can miss a bar");
    });
});

describe("what became of the good traffic, and of the attacks' spans", () => {
    const key = (index: number) => `${index}`.padStart(48, "1");
    const span = (index: number, sentAt: number, acknowledgedAt = sentAt) => ({
        key: key(index),
        sentAt,
        acknowledgedAt,
        endpoint: 0,
    });
    const watched = (from: number, until: number) => ({ answers: [refused], memory: {}, crashes: [], from, until });
    const ofAttack = (place: number) => markedTraceId(place).toString("hex") + "0".repeat(16);

    it("is told by the time of sending, and by the trace ids", () => {
        const ledger = [span(1, 5), span(2, 15), span(3, 16, 0), span(4, 30)];
        const arrivals = [key(1), ofAttack(1), ofAttack(1), "0".repeat(48), "f".repeat(48)];
        const { seen, good, strangers } = judge([watched(0, 10), watched(10, 20)], ledger, arrivals);
        expect(seen.map(({ good: one }) => one)).toEqual([
            { sent: 1, acknowledged: 1, lost: 0 },
            { sent: 2, acknowledged: 1, lost: 1 },
        ]);
        expect(seen.map(({ arrived }) => arrived)).toEqual([0, 2]);
        expect(good).toEqual({ sent: 4, acknowledged: 3, lost: 2 });
        expect(strangers).toBe(1);
    });
});

it("the table has a line for each attack, and counts outcomes", () => {
    const row = rowOf(attack, seen({ answers: [refused, closed, refused] }));
    expect(tally([refused, closed, refused])).toEqual({ "refused (HTTP 400)": 2, closed: 1 });
    const [head, , line] = hostileTable([row]).split("\n");
    expect(head).toContain("answered");
    expect(line).toMatch(/a bomb .* refused \(HTTP 400\) ×2, closed ×1 .* 500 MiB .* 99.00 % .* \*\*no\*\*/);
});

describe("HTTP/2 by hand", () => {
    it("reads back what it wrote, but for what was cut off", () => {
        const said = Buffer.concat([
            frame("settings", flags.none, 0),
            frame("data", flags.endStream, 3, Buffer.from("x")),
        ]);
        expect(framesIn(said).map(({ type }) => type)).toEqual(["settings", "data"]);
        expect(framesIn(said.subarray(0, -1)).map(({ type }) => type)).toEqual(["settings"]);
    });

    it("knows why it was hung up on", () => {
        const goAway = (code: number) => frame("goAway", flags.none, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, code]));
        expect(goAwayIn(goAway(11))).toBe("GOAWAY ENHANCE_YOUR_CALM");
        expect(goAwayIn(goAway(99))).toBe("GOAWAY 99");
        expect(goAwayIn(frame("settings", flags.none, 0))).toBeUndefined();
    });

    it("writes the lengths of long headers in parts", () => {
        expect(headerBlock({ a: "b" }).toString("hex")).toBe("0001610162");
        expect(
            headerBlock({ a: "x".repeat(300) })
                .subarray(0, 6)
                .toString("hex"),
        ).toBe("0001617fad01");
    });
});
