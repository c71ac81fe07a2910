import type Docker from "dockerode";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { GatewayTier, LoadBalancerTier } from "../../components";
import type { DockerPlatform } from "../../components/platform/docker";
import { DockerEngine } from "../../components/platform/docker/engine";
import { untilReady } from "../../components/platform/docker/readiness";
import { filesOf, offlineDocker, replicasIn } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { unhandledRejectionsOf } from "../support/unhandledRejections";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

/** The states of the stack's containers, by replica. */
type Found = Record<string, string>;

const running = (...replicas: string[]): Found => Object.fromEntries(replicas.map((name) => [name, "running"]));

const three = ["gw-1", "gw-2", "gw-3"];
const without = (missing: string) => running(...three.filter((name) => name !== missing));

let engine: RecordingEngine;
beforeEach(async () => {
    engine = await RecordingEngine.start(false);
    vi.mocked(untilReady)
        .mockReset()
        .mockImplementation(() => Promise.resolve());
});

async function platformThat(found: Found): Promise<DockerPlatform> {
    const containers = Object.entries(found).map(([name, State]) => ({
        Names: [`/test-${name}`],
        Labels: { "otel-collector-tiers.test": "" },
        State,
        Ports: [],
    }));
    vi.spyOn(DockerEngine.prototype, "requireRunning").mockResolvedValue();
    vi.spyOn(DockerEngine.prototype, "containers").mockResolvedValue(containers as unknown as Docker.ContainerInfo[]);
    vi.spyOn(DockerEngine.prototype, "inspect").mockResolvedValue(undefined);
    const platform = offlineDocker();
    await platform.require({ images: [], ports: [] });
    return platform;
}

const externalGateway = { endpoint: "next:4317" };
const declare = (platform: DockerPlatform, replicas: number) =>
    engine.run(() => new GatewayTier("gw", { platform, replicas, externalGateway }));

describe("the order of a tier's replicas", () => {
    /** Those with a + between them come up side by side; after > are those that wait for all of the turn before. */
    async function order(replicas: number, platform: DockerPlatform): Promise<string> {
        const release: (() => void)[] = [];
        vi.mocked(untilReady).mockImplementation(() => new Promise((resolve) => release.push(resolve)));
        void declare(platform, replicas);
        const turns: string[][] = [];
        while (turns.flat().length < replicas) {
            const turn = await untilAllOf(() => replicasIn(engine).filter(({ name }) => !turns.flat().includes(name)));
            turns.push(turn.map(({ name }) => name));
            await vi.waitFor(() => expect(release).toHaveLength(turn.length));
            for (const ready of release.splice(0)) ready();
        }
        return turns.map((turn) => turn.sort().join(" + ")).join(" > ");
    }

    /** What there is once there is something, and for a while nothing more. */
    async function untilAllOf<T>(look: () => T[]): Promise<T[]> {
        for (let before = look(); ; before = look()) {
            await delay(25);
            if (before.length > 0 && look().length === before.length) return before;
        }
    }

    /** How long the replicas are given to be noticed by all lbs: the different times. */
    const settling = () => [...new Set(vi.mocked(untilReady).mock.calls.map(([, , asked]) => asked?.settleSeconds))];

    it("in the first update is none, and none waits to be noticed: nobody is away for anybody", async () => {
        expect(await order(3, await platformThat({}))).toBe("gw-1 + gw-2 + gw-3");
        expect(settling()).toEqual([0]);
    });

    it("is a roll where all run: one is away at a time", async () => {
        expect(await order(3, await platformThat(running(...three)))).toBe("gw-1 > gw-2 > gw-3");
        expect(settling()).toEqual([1.5]);
    });

    it("is a roll where nobody looked: all may run", async () => {
        expect(await order(3, offlineDocker())).toBe("gw-1 > gw-2 > gw-3");
        expect(settling()).toEqual([1.5]);
    });

    it("has new ones first, and a roll begins when every lb has noticed them", async () => {
        expect(await order(5, await platformThat(running(...three)))).toBe("gw-4 + gw-5 > gw-1 > gw-2 > gw-3");
        expect(settling()).toEqual([1.5]);
    });

    it("costs a roll one turn for new ones, however many they are", async () => {
        const platform = await platformThat(running(...three));
        expect((await order(20, platform)).split(" > ")).toHaveLength(4);
    });

    it.each([
        ["the first", "gw-2 gw-3", "gw-1 > gw-2 > gw-3"],
        ["the middle one", "gw-1 gw-3", "gw-2 > gw-1 > gw-3"],
        ["the last", "gw-1 gw-2", "gw-3 > gw-1 > gw-2"],
        ["all but the first", "gw-1", "gw-2 + gw-3 > gw-1"],
        ["all but the last", "gw-3", "gw-1 + gw-2 > gw-3"],
    ])("has %s back first where missing: a roll takes no second one away", async (_, found, expected) => {
        expect(await order(3, await platformThat(running(...found.split(" "))))).toBe(expected);
        expect(settling()).toEqual([1.5]);
    });

    it("does not tell one that is missing from a new one", async () => {
        const platform = await platformThat(running("gw-1", "gw-3"));
        expect(await order(5, platform)).toBe("gw-2 + gw-4 + gw-5 > gw-1 > gw-3");
    });

    it.each(["created", "exited", "restarting", "paused"])("takes one that is %s for missing", async (state) => {
        const platform = await platformThat({ ...running("gw-1", "gw-3"), "gw-2": state });
        expect(await order(3, platform)).toBe("gw-2 > gw-1 > gw-3");
    });

    it("does not look at one that is going to be removed", async () => {
        expect(await order(2, await platformThat(running("gw-1", "gw-10")))).toBe("gw-2 > gw-1");
    });

    it("does not look at another workload of the stack", async () => {
        const platform = await platformThat(running("gw-1", "other-3", "gw-other-3", "gw-"));
        expect(await order(3, platform)).toBe("gw-2 + gw-3 > gw-1");
    });

    it("is none in a preview, which waits for nothing", async () => {
        engine = await RecordingEngine.start(true);
        await declare(await platformThat(running("gw-1", "gw-3")), 4);
        expect(replicasIn(engine)).toHaveLength(4);
        expect(untilReady).not.toHaveBeenCalled();
    });

    it("is kept nowhere: replicas that are removed together go at once", async () => {
        await declare(await platformThat(running(...three)), 3);
        await vi.waitFor(() => expect(replicasIn(engine)).toHaveLength(3));
        const others = replicasIn(engine).map(({ urn }) => urn);
        for (const { dependencies } of replicasIn(engine)) {
            expect(dependencies.filter((urn) => others.includes(urn))).toEqual([]);
        }
    });
});

describe("an update that takes its time", () => {
    /**
     * Who of those that run is replaced, and who else is away at that moment.
     * @param wanted all that are there in the end
     * @param changed those that the update would replace; others that run stay as they are
     */
    async function replacements(
        wanted: string[],
        found: Found,
        changed: string[],
        declareAll: (platform: DockerPlatform) => Promise<unknown>,
    ) {
        const seen: { replaced: string; away: string[] }[] = [];
        const up = new Set(Object.keys(found));
        vi.mocked(untilReady).mockImplementation(async (_, id) => {
            const name = id.replace(/-id$/, "");
            if (up.has(name) && !changed.includes(name)) return;
            if (up.has(name)) seen.push({ replaced: name, away: wanted.filter((one) => !up.has(one)) });
            up.delete(name);
            await delay(20);
            up.add(name);
        });
        const platform = await platformThat(found);
        await declareAll(platform);
        await platform.settled();
        expect([...up].sort()).toEqual(wanted);
        return seen;
    }

    /** What the engine compares with what it has, by replica. */
    async function declared(replicas: number, found: Found): Promise<Record<string, unknown>> {
        engine = await RecordingEngine.start(false);
        const platform = await platformThat(found);
        await declare(platform, replicas);
        await platform.settled();
        return Object.fromEntries(replicasIn(engine).map(({ name, inputs }) => [name, inputs]));
    }

    const alone = (...names: string[]) => names.map((replaced) => ({ replaced, away: [] }));
    const five = [...three, "gw-4", "gw-5"];
    const both = ["lb-1", "lb-2"];

    describe.each(three)("and finds %s missing", (missing) => {
        it("brings it back, and with the same settings changes nothing of the others", async () => {
            expect(await declared(3, without(missing))).toEqual(await declared(3, running(...three)));
        });

        it("with other settings replaces the others, one at a time, when it is back", async () => {
            const others = three.filter((name) => name !== missing);
            const seen = await replacements(three, without(missing), three, (on) => declare(on, 3));
            expect(seen).toEqual(alone(...others));
        });

        it("touches no other when it does not come back", async () => {
            vi.mocked(untilReady).mockRejectedValue(new Error("it does not stay up"));
            await unhandledRejectionsOf(async () => {
                const platform = await platformThat(without(missing));
                void declare(platform, 3); // the SDK goes on waiting for the resources after one that fails
                await expect(platform.settled()).rejects.toThrow("it does not stay up");
            });
            expect(replicasIn(engine).map(({ name }) => name)).toEqual([missing]);
        });
    });

    it("and only adds gateways, changes nothing of those that run", async () => {
        const [before, after] = [await declared(3, running(...three)), await declared(5, running(...three))];
        expect(Object.keys(after).sort()).toEqual(five);
        expect(after).toMatchObject(before);
    });

    it("and adds gateways with other settings, replaces the others when the new ones are ready", async () => {
        expect(await replacements(five, running(...three), three, (on) => declare(on, 5))).toEqual(alone(...three));
    });

    it.each([
        { settings: "the same", changed: both },
        { settings: "other", changed: [...three, ...both] },
    ])("gives static lbs the longer list when the new gateways are ready, with $settings settings", async (given) => {
        const seen = await replacements([...five, ...both], running(...three, ...both), given.changed, (platform) =>
            engine.run(() => {
                const gateways = new GatewayTier("gw", { platform, replicas: 5, externalGateway });
                new LoadBalancerTier("lb", { platform, gateways, replicas: 2, resolver: "static" });
            }),
        );
        expect(seen).toEqual(alone(...given.changed));
        for (const gateway of five) expect(filesOf(engine, "lb").config).toContain(`${gateway}:4317`);
    });
});
