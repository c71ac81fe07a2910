import { describe, expect, it, vi } from "vitest";
import type { OtlpSender } from "../../verify/otlp";
import { spanKey, type TestSpan } from "../../verify/span";
import { sendTraffic, type TrafficPlan } from "../../verify/traffic";

const plan = (over: Partial<TrafficPlan> = {}): TrafficPlan => ({
    run: "run-1",
    traces: 4,
    spansPerTrace: 3,
    tracesPerSecond: 1_000,
    spanIntervalMs: 1,
    ...over,
});

class FakeSender implements OtlpSender {
    readonly attempts: TestSpan[] = [];

    constructor(
        readonly endpoint: string,
        private readonly answer: (attempt: number) => void = () => undefined,
    ) {}

    async send(spans: TestSpan[]): Promise<void> {
        this.attempts.push(...spans);
        await Promise.resolve();
        this.answer(this.attempts.length);
    }

    close(): void {
        throw new Error("whoever made the sender closes it");
    }
}

const refuse = (reason: string) => () => {
    throw new Error(reason);
};

describe("traffic that is taken in", () => {
    it("is in the ledger once for each span of each trace", async () => {
        const sender = new FakeSender("lb-1");
        const { acknowledged, refused, givenUp } = await sendTraffic(plan(), [sender]);
        expect(acknowledged).toHaveLength(12);
        expect(new Set(acknowledged.map(spanKey)).size).toBe(12);
        expect(new Set(acknowledged.map(({ traceId }) => traceId)).size).toBe(4);
        expect(acknowledged.every(({ run, endpoint }) => run === "run-1" && endpoint === "lb-1")).toBe(true);
        expect(acknowledged.map(spanKey).sort()).toEqual(sender.attempts.map(spanKey).sort());
        expect([refused.size, givenUp]).toEqual([0, 0]);
    });

    it("has ids that OTLP takes", async () => {
        const { acknowledged } = await sendTraffic(plan({ traces: 1 }), [new FakeSender("lb-1")]);
        for (const { traceId, spanId } of acknowledged) {
            expect(traceId).toMatch(/^[0-9a-f]{32}$/);
            expect(spanId).toMatch(/^[0-9a-f]{16}$/);
        }
    });

    it("sends the spans of one trace to every endpoint in turn", async () => {
        const senders = ["lb-1", "lb-2", "lb-3"].map((endpoint) => new FakeSender(endpoint));
        const { acknowledged } = await sendTraffic(plan({ traces: 1 }), senders);
        expect(acknowledged.map(({ endpoint }) => endpoint).sort()).toEqual(["lb-1", "lb-2", "lb-3"]);
    });

    it("ends early when it is told to, after the traces that have begun", async () => {
        const stop = new AbortController();
        const sender = new FakeSender("lb-1", (attempt) => {
            if (attempt === 4) stop.abort();
        });
        const { acknowledged } = await sendTraffic(plan({ traces: 500, tracesPerSecond: 100 }), [sender], stop.signal);
        expect(acknowledged.length).toBeGreaterThanOrEqual(4);
        expect(acknowledged.length).toBeLessThan(60);
        expect(acknowledged.length % 3).toBe(0);
    });
});

describe("an attempt that is refused", () => {
    it("is made again as a new span, at the next endpoint; only what was acknowledged is in the ledger", async () => {
        const dead = new FakeSender("lb-1", refuse("connection refused"));
        const alive = new FakeSender("lb-2");
        const { acknowledged, refused } = await sendTraffic(plan(), [dead, alive]);
        const attempts = [...dead.attempts, ...alive.attempts].map(spanKey);
        expect(dead.attempts.length).toBeGreaterThan(0);
        expect(new Set(attempts).size).toBe(attempts.length);
        expect(acknowledged.map(spanKey).sort()).toEqual(alive.attempts.map(spanKey).sort());
        expect(acknowledged).toHaveLength(12);
        expect(refused).toEqual(new Map([["connection refused", dead.attempts.length]]));
    });

    it("stays in its trace", async () => {
        const sender = new FakeSender("lb-1", (attempt) => {
            if (attempt === 1) throw new Error("unavailable");
        });
        const { acknowledged } = await sendTraffic(plan({ traces: 1, spansPerTrace: 2 }), [sender]);
        expect(sender.attempts).toHaveLength(3);
        expect(acknowledged).toHaveLength(2);
        expect(new Set(sender.attempts.map(({ traceId }) => traceId)).size).toBe(1);
    });

    it("is counted by its reason", async () => {
        const reasons = ["unavailable", "too large", "unavailable"];
        const sender = new FakeSender("lb-1", () => {
            const reason = reasons.pop();
            if (reason) throw new Error(reason);
        });
        const { refused } = await sendTraffic(plan(), [sender]);
        expect(Object.fromEntries(refused)).toEqual({ unavailable: 2, "too large": 1 });
    });

    it("is given up after a minute, and then is not in the ledger", async () => {
        vi.useFakeTimers({ toFake: ["Date"] });
        try {
            const sender = new FakeSender("lb-1", () => {
                vi.setSystemTime(Date.now() + 61_000);
                throw new Error("unavailable");
            });
            const { acknowledged, givenUp } = await sendTraffic(plan({ traces: 1, spansPerTrace: 1 }), [sender]);
            expect([acknowledged.length, givenUp, sender.attempts.length]).toEqual([0, 1, 1]);
        } finally {
            vi.useRealTimers();
        }
    });
});

it("without an endpoint there is nothing to send to", async () => {
    await expect(sendTraffic(plan({ traces: 1, spansPerTrace: 1 }), [])).rejects.toThrow(
        "there is no endpoint to send to",
    );
});
