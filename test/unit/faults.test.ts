import { describe, expect, it } from "vitest";
import { runFaults } from "../../bench/faults/faults";
import { blind, missedBars, type Observed } from "../../bench/faults/missed";
import { lanes, leftOut } from "../../bench/faults/plan";
import { RingWatch } from "../../bench/faults/ringWatch";
import type { Scenario } from "../../bench/faults/scenario";
import { scenarios } from "../../bench/faults/scenarios";
import { Turns } from "../../bench/faults/turns";
import { emptyVerdict, type Verdict } from "../../bench/check/verdict";
import type { Rig } from "../../bench/rigs/rig";
import { checkTopology } from "../../components/checkTopology";
import { offlineDocker } from "../support/dockerResources";
import { settingsWith } from "../support/stackSettings";

const clean: Verdict = { ...emptyVerdict, acknowledged: 1_000, predictedSplit: 10, shares: { "gateway-1": 1 } };
const calm: Observed = { refused: 0, queued: 0, crashes: [], overMemory: [], away: 1 };
const steady = scenarios.find(({ name }) => name === "steady") as Scenario;

describe("bars", () => {
    const bars = { duplicated: 0.005, splitInside: "as predicted" as const };
    const missed = (verdict: Partial<Verdict>, observed: Partial<Observed> = {}, scenario = steady) =>
        missedBars(bars, { ...clean, ...verdict }, { ...calm, ...observed }, scenario);

    it.each([
        ["nothing wrong", {}, []],
        ["as many doubles as a minute's spans may have", { duplicated: 60 }, []],
        ["as many splits as predicted, and a fifth more", { splitInside: 12 }, []],
        ["one lost", { lost: 1 }, ["1 acknowledged spans were lost; allowed: 0"]],
        ["one double too many", { duplicated: 61 }, ["61 spans were duplicated; allowed: 60"]],
        ["one split too many", { splitInside: 13 }, ["13 traces were split while the ring changed; allowed: 12"]],
        ["split outside", { splitOutside: 1 }, ["1 traces were split outside any change of the ring; allowed: 0"]],
        ["invented", { invented: 1 }, ["1 spans were invented; allowed: 0"]],
        ["misrouted", { misrouted: 1 }, ["1 spans went through a gateway that no ring gives them to; allowed: 0"]],
        ["spans without a stamp", { shares: {} }, ["no span says which gateway it went through"]],
        ["no traffic", { acknowledged: 0, predictedSplit: 0 }, ["nothing was acknowledged"]],
    ])("%s", (_, verdict, sentences) => expect(missed(verdict)).toEqual(sentences));

    it("what is queued, crashed or too large is told too", () => {
        const observed = { queued: 2, crashes: ["gateway-1 ended by itself"], overMemory: ["gateway-1 used 2 MiB"] };
        expect(missed({}, observed)).toHaveLength(3);
    });

    it("a queue that never filled did not test back-pressure", () => {
        const full = scenarios.find(({ mustShow }) => mustShow) as Scenario;
        expect(missed({}, {}, full)).toEqual(["no client was asked to wait"]);
        expect(missed({}, { refused: 1 }, full)).toEqual([]);
    });

    it("a roll takes one gateway at a time", () => {
        const roll = scenarios.find(({ oneAtATime }) => oneAtATime) as Scenario;
        expect(missed({}, { away: 2 }, roll)).toEqual(["2 gateways were out of the ring at once; allowed: 1"]);
        expect(missed({}, { away: 1 }, roll)).toEqual([]);
        expect(missed({}, { away: 2 })).toEqual([]);
    });

    it("a control that shows nothing makes the lab blind", () => {
        expect(blind("loss", clean)).toEqual(["nothing was lost: this lab can not see loss"]);
        expect(blind("loss", { ...clean, lost: 1 })).toEqual([]);
        expect(blind("splits", clean)).toEqual(["no trace was split: this lab can not see splits"]);
        expect(blind("splits", { ...clean, splitOutside: 1 })).toEqual([]);
    });
});

describe("what is run", () => {
    it("controls are run whatever is chosen", () => {
        for (const choice of [{}, { platform: "kubernetes" as const }, { scenario: "steady" }, { subset: true }]) {
            expect(lanes(choice)[0]?.scenarios.map(({ control }) => control)).toEqual(["loss", "splits"]);
        }
    });

    it("every scenario runs with every resolver of every platform that it makes sense on", () => {
        const places = lanes({ scenario: "steady", profile: "custody" }).slice(1);
        const all = lanes({ profile: "custody" }).flatMap(({ scenarios }) => scenarios);
        expect(new Set(scenarios.filter((one) => !all.includes(one)))).toEqual(new Set());
        expect(places.map(({ platform, resolver }) => `${platform} ${resolver}`)).toEqual([
            "docker static",
            "docker dns",
            "kubernetes static",
            "kubernetes dns",
            "kubernetes k8s",
        ]);
    });

    it("what waits for minutes keeps nobody else waiting", () => {
        const outages = lanes({ platform: "docker", resolver: "dns" }).find(({ scenarios }) =>
            scenarios.some(({ name }) => name.startsWith("backend hangs")),
        );
        expect(outages?.scenarios.map(({ name }) => name.split(" ")[0])).toEqual(["backend", "backend", "backend"]);
    });

    it.each(scenarios.filter(({ settings }) => settings))("$name: a stack takes its settings", (scenario) => {
        const backends = [{ endpoint: "http://sink:4317" }];
        const settings = settingsWith({ backends, ...scenario.settings });
        expect(() => checkTopology(settings, offlineDocker())).not.toThrow();
    });

    it("what makes no sense somewhere says why", () => {
        expect(leftOut({ platform: "docker" })).toEqual([]);
        expect(leftOut({}).map(({ reason }) => reason)).toContain("the test cluster's volumes have no size");
    });

    it("a platform that is not there is skipped with the reason", async () => {
        const chosen = lanes({ scenario: "steady", platform: "kubernetes" });
        const missing = { docker: "no Docker", kubernetes: "no cluster" };
        const rows = await runFaults(chosen, {
            bridge: "",
            signal: new AbortController().signal,
            missing,
            tell: () => undefined,
            rows: () => undefined,
        });
        expect(new Set(rows.map(({ skipped }) => skipped))).toEqual(new Set(["no Docker", "no cluster"]));
    });
});

describe("turns", () => {
    it("one alone waits for those that run, and those that come wait for it", async () => {
        const turns = new Turns();
        const log: string[] = [];
        const act = (name: string) => async () => {
            log.push(`${name} begins`);
            await new Promise((resolve) => setTimeout(resolve, 5));
            log.push(`${name} ends`);
        };
        await Promise.all([
            turns.take(false, act("one")),
            turns.take(false, act("two")),
            turns.take(true, act("alone")),
            turns.take(false, act("three")),
        ]);
        expect(log).toEqual([
            "one begins",
            "two begins",
            "one ends",
            "two ends",
            "alone begins",
            "alone ends",
            "three begins",
            "three ends",
        ]);
    });
});

describe("the ring's history", () => {
    const rigWith = (resolver: string) => {
        const state = { ring: { "a:1": "gateway-1" } as Record<string, string>, backends: 1 };
        const rig = {
            platform: "docker",
            resolver,
            ring: () => Promise.resolve(state.ring),
            ringViews: () => Promise.resolve([{ backends: state.backends, updates: 0 }]),
        } as unknown as Rig;
        return { state, rig };
    };

    it("a change lasts until every lb has followed", async () => {
        const { state, rig } = rigWith("dns");
        const watch = await RingWatch.start(rig);
        const before = Date.now();
        state.ring = { "a:1": "gateway-1", "b:1": "gateway-2" };
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        const followed = Date.now();
        state.backends = 2;
        await new Promise((resolve) => setTimeout(resolve, 500));
        const [, change] = await watch.stop();
        expect(change?.endpoints).toEqual(state.ring);
        expect(change?.from).toBeLessThanOrEqual(before + 250);
        expect(change?.settled).toBeGreaterThanOrEqual(followed);
        expect(change?.settled).toBeLessThan(Infinity);
    });

    it("with nobody there an lb goes on by the ring before, until it has the next", async () => {
        const { state, rig } = rigWith("dns");
        const watch = await RingWatch.start(rig);
        state.ring = {};
        await new Promise((resolve) => setTimeout(resolve, 500));
        const [, nobody] = await watch.stop();
        expect(nobody).toMatchObject({ endpoints: {}, settled: Infinity });
    });

    it("a list that is handed out is in use from the beginning", async () => {
        const { state, rig } = rigWith("static");
        const watch = await RingWatch.start(rig);
        const began = Date.now();
        await watch.handingOut(async () => {
            await new Promise((resolve) => setTimeout(resolve, 300));
            state.ring = { "a:1": "gateway-1", "b:1": "gateway-2" };
            state.backends = 2;
        });
        const [, change] = await watch.stop();
        expect(change?.from).toBeLessThanOrEqual(began + 5);
        expect(change?.settled).toBeGreaterThanOrEqual(began + 300);
    });
});
