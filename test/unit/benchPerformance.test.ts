import { describe, expect, it, vi } from "vitest";
import { choices, topics } from "../../bench/performance/alternatives";
import { costPerSpan } from "../../bench/performance/cost";
import { extentOf, parts } from "../../bench/performance/extent";
import { flawsOf } from "../../bench/performance/load";
import { peaksByTier } from "../../bench/performance/memory";
import { inputsOf, variedCollectors } from "../../bench/performance/shippedCollectors";
import { inTurn } from "../../bench/performance/sideBySide";
import { inOrder } from "../../bench/performance/steps";
import { withAll } from "../../bench/performance/subject";
import { changesOf, isShipped } from "../../bench/performance/tuning";
import type { Verdict } from "../../bench/check/verdict";
import { renderedConfigs } from "../support/renderedConfigs";
import { printConfig } from "../../components/collector/config";

describe("CPU a span", () => {
    it("is that of all collectors for each span that arrived, in all and by tier", () => {
        const cpuSeconds = { "load-balancer-1": 0.5, "gateway-1": 0.1, "gateway-12": 0.2, "external-gateway-1": 0.3 };
        const { total, byTier } = costPerSpan({ cpuSeconds, arrived: 10_000 });
        expect(total).toBeCloseTo(110);
        expect(byTier["load-balancer"]).toBeCloseTo(50);
        expect(byTier.gateway).toBeCloseTo(30);
        expect(byTier["external-gateway"]).toBeCloseTo(30);
    });

    it("has no tiers where there are none", () => {
        expect(costPerSpan({ cpuSeconds: { hop: 2 }, arrived: 1_000_000 })).toEqual({ total: 2, byTier: {} });
    });

    it("is unknown when nothing arrived", () => {
        expect(() => costPerSpan({ cpuSeconds: { hop: 2 }, arrived: 0 })).toThrow("no span arrived");
    });
});

it("a load that met nothing has no flaws, and one that did says each", () => {
    const verdict = { lost: 0, duplicated: 0, invented: 0 } as Verdict;
    const clean = { verdict, refused: 0, heldBack: 0, givenUp: 0 };
    expect(flawsOf(clean)).toEqual([]);
    const broken = { ...verdict, lost: 1, duplicated: 2, invented: 3 };
    expect(flawsOf({ verdict: broken, refused: 4, heldBack: 5, givenUp: 6 })).toEqual([
        "1 spans lost",
        "2 spans duplicated",
        "3 spans invented",
        "4 requests refused",
        "5 requests held back",
        "6 requests never acknowledged",
    ]);
});

it("the peak of a tier is that of the replica nearest to its limit", () => {
    const peaks = new Map([
        ["gateway-1", { bytes: 90, limit: 200 }],
        ["gateway-2", { bytes: 60, limit: 100 }],
        ["gateway-3", { bytes: 50, limit: 100 }],
        ["external-gateway-1", { bytes: 10, limit: 100 }],
        ["generator-1", { bytes: 99, limit: 100 }],
    ]);
    expect(peaksByTier(peaks)).toEqual({
        gateway: { peakBytes: 60, limitBytes: 100 },
        "external-gateway": { peakBytes: 10, limitBytes: 100 },
    });
});

it("every subject is the first of a round in its turn", () => {
    const all = ["hop", "documented", "custody"];
    expect([0, 1, 2, 3].map((turn) => inTurn(all, turn)[0])).toEqual(["hop", "documented", "custody", "hop"]);
    expect(inTurn(all, 1)).toEqual(["documented", "custody", "hop"]);
});

describe("what is up at the same time", () => {
    const opener = (name: string, log: string[]) => () => {
        log.push(name);
        const remove = () => Promise.resolve(void log.push(`${name} removed`));
        return Promise.resolve({ name, remove });
    };

    const going = new AbortController().signal;

    it("is removed in the end", async () => {
        const log: string[] = [];
        await withAll([opener("a", log), opener("b", log)], going, (opened) => {
            log.push(opened.map(({ name }) => name).join());
            return Promise.resolve();
        });
        expect(log).toEqual(["a", "b", "a,b", "b removed", "a removed"]);
    });

    it("is removed when one of them does not come up, and the reason is told", async () => {
        const log: string[] = [];
        const broken = () => Promise.reject(new Error("no room"));
        const act = vi.fn(() => Promise.resolve());
        await expect(withAll([opener("a", log), broken, opener("b", log)], going, act)).rejects.toThrow("no room");
        expect(log).toEqual(["a", "a removed"]);
        expect(act).not.toHaveBeenCalled();
    });

    it("is removed when it is aborted while it comes up", async () => {
        const log: string[] = [];
        const interrupt = new AbortController();
        const interrupted = () => {
            interrupt.abort();
            return opener("a", log)();
        };
        await expect(
            withAll([interrupted, opener("b", log)], interrupt.signal, () => Promise.resolve()),
        ).rejects.toThrow("abort");
        expect(log).toEqual(["a", "a removed"]);
    });

    it("is removed when what was done with it fails, also where one can not be", async () => {
        const log: string[] = [];
        const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
        const stuck = () => Promise.resolve({ remove: () => Promise.reject(new Error("stuck")) });
        const act = () => Promise.reject(new Error("measured nothing"));
        await expect(withAll([opener("a", log), stuck], going, act)).rejects.toThrow("measured nothing");
        expect(log).toEqual(["a", "a removed"]);
        expect(stderr).toHaveBeenCalledWith(expect.stringContaining("stuck"));
        stderr.mockRestore();
    });
});

it("a run tells what is next", async () => {
    const told: string[] = [];
    const step = (name: string) => ({ name, run: () => Promise.resolve(void told.push(`(${name})`)) });
    await inOrder([step("cost"), step("balance")], (text) => void told.push(text));
    expect(told).toEqual([
        "next: cost",
        "(cost)",
        "cost: took 0 s; next: balance",
        "(balance)",
        "balance: took 0 s; next: removing what was brought up",
    ]);
});

describe("what is asked for", () => {
    it("is everything, when nothing is said", () => {
        expect(extentOf({}).parts).toEqual(parts);
        expect(extentOf({}).gateways).toHaveLength(8);
    });

    it("is what is named", () => {
        expect(extentOf({ only: "balance,memory" }).parts).toEqual(["balance", "memory"]);
    });

    it("is less of everything when it has to be quick, and nothing that takes minutes", () => {
        const { parts, rounds, gateways } = extentOf({ quick: true });
        expect(parts).toEqual(["cost", "latency", "balance"]);
        expect(rounds).toEqual([{ spansPerSecond: 5_000, rounds: 2, seconds: 3 }]);
        expect(gateways).toEqual([1, 3]);
        expect(extentOf({ quick: true, only: "balance,tuning" }).parts).toEqual(["balance"]);
    });

    it("is refused with what there is", () => {
        expect(() => extentOf({ only: "cost,speed" })).toThrow(/--only.*speed.*cost, latency, throughput/);
    });
});

describe("what is weighed", () => {
    it.each(topics)("%s: one choice is shipped, and others are not", (topic) => {
        const own = choices.filter((choice) => choice.topic === topic);
        expect(own.filter(isShipped)).toHaveLength(1);
        expect(own.length).toBeGreaterThan(1);
        expect(new Set(own.map(({ label }) => label)).size).toBe(own.length);
    });

    it("says nothing of what is shipped, and something of all others", () => {
        for (const choice of choices) expect(changesOf(choice).length === 0, choice.label).toBe(isShipped(choice));
    });

    it("says on one line what is different", () => {
        const changes = Object.fromEntries(
            choices.map((choice) => [`${choice.topic}/${choice.label}`, changesOf(choice)]),
        );
        expect(changes["consumers/10 at the lb"]).toEqual([
            "load-balancer load_balancing sending_queue.num_consumers: 10",
        ]);
        expect(changes["GOGC/400"]).toEqual(["GOGC=400"]);
        expect(changes["compression/zstd"]).toEqual([
            "load-balancer load_balancing protocol.otlp.compression: zstd",
            "gateway otlp_grpc/external compression: zstd",
        ]);
        expect(changes["message size/4 000 items"]?.[0]).toContain("max_size: none");
    });

    it("is measured against the configurations that `npm start` would write without mTLS", () => {
        const backend = "http://backend:4317";
        const stack = renderedConfigs({ mtls: "off", backends: [{ endpoint: backend }] });
        for (const [tier, { config }] of Object.entries(inputsOf(backend, {}))) {
            expect(printConfig(config)).toBe(stack[tier]);
        }
    });

    it("has as many collectors as `npm start` has, each with the tier's name", () => {
        const started = variedCollectors("http://backend:4317", { environment: { GOGC: "7" } });
        expect(started.map(({ name, alias, storage }) => [name, alias, storage !== undefined])).toEqual([
            ["external-gateway-1", "external-gateway", true],
            ["gateway-1", "gateway", false],
            ["gateway-2", "gateway", false],
            ["gateway-3", "gateway", false],
            ["load-balancer-1", "load-balancer", true],
        ]);
        for (const { environment } of started) expect(environment).toMatchObject({ GOGC: "7" });
    });
});
