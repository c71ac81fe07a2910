import { beforeEach, describe, expect, it, vi } from "vitest";
import { GatewayTier } from "../../components";
import { preflight } from "../../components/platform/docker/preflight";
import { untilReady } from "../../components/platform/docker/readiness";
import { container, offlineDocker } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn() }));

describe("the order of a tier's replicas", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(false);
        vi.mocked(untilReady).mockClear();
    });

    /** @param present the gateways that run already; undefined where nobody looked */
    const declare = async (replicas: number, present: string[] | undefined) => {
        const platform = offlineDocker();
        if (present) {
            vi.mocked(preflight).mockResolvedValue(new Set(present.map((name) => `test-${name}`)));
            await platform.require({ images: [], ports: [] });
        }
        await engine.run(
            () => new GatewayTier("gw", { platform, replicas, externalGateway: { endpoint: "next:4317" } }),
        );
        await platform.settled();
        const predecessors = (name: string) =>
            engine.byName(container, name).dependencies.filter((urn) => urn.includes("gw-"));
        return Array.from({ length: replicas }, (_, index) =>
            predecessors(`gw-${index + 1}`).map((urn) => urn.slice(-4)),
        );
    };

    it("is one after another where they run already", async () => {
        expect(await declare(3, ["gw-1", "gw-2", "gw-3"])).toEqual([[], ["gw-1"], ["gw-2"]]);
    });

    it("is one after another where nobody looked", async () => {
        expect(await declare(3, undefined)).toEqual([[], ["gw-1"], ["gw-2"]]);
    });

    it("does not keep new ones waiting, for one another or to settle", async () => {
        expect(await declare(4, ["gw-1", "gw-2"])).toEqual([[], ["gw-1"], [], []]);
        const settling = vi.mocked(untilReady).mock.calls.map(([, id, readiness]) => [id, readiness?.settleSeconds]);
        expect(new Map(settling as [string, number][])).toEqual(
            new Map([
                ["gw-1-id", 1.5],
                ["gw-2-id", 1.5],
                ["gw-3-id", 0],
                ["gw-4-id", 0],
            ]),
        );
    });
});
