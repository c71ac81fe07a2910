import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ExternalGateway, GatewayTier, LoadBalancerTier } from "../../components";
import { untilReady } from "../../components/platform/docker/readiness";
import { offlineDocker, replicasIn } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { unhandledRejectionsOf } from "../support/unhandledRejections";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

describe("an update whose replicas take a while to be ready", () => {
    let engine: RecordingEngine;
    let ready: string[];
    beforeEach(async () => {
        engine = await RecordingEngine.start(false);
        ready = [];
        vi.mocked(untilReady).mockImplementation(async (_, id) => {
            await delay(50);
            ready.push(`${id} of ${replicasIn(engine).length}`);
        });
    });

    const declare = async () => {
        const platform = offlineDocker();
        await engine.run(() => {
            const externalGateway = new ExternalGateway("ext", { platform });
            const gateways = new GatewayTier("gw", { platform, externalGateway, replicas: 2 });
            new LoadBalancerTier("lb", { platform, gateways });
        });
        return platform;
    };

    it("creates the next only when the one before is ready, across the tiers", async () => {
        const platform = await declare();
        await platform.settled();
        expect(ready).toEqual(["ext-1-id of 1", "gw-1-id of 2", "gw-2-id of 3", "lb-1-id of 4"]);
    });

    it("is settled only when the last one is ready", async () => {
        const platform = await declare();
        expect(ready).not.toContain("lb-1-id of 4");
        await platform.settled();
        expect(ready).toContain("lb-1-id of 4");
    });

    it("is not settled when the last one does not become ready", async () => {
        vi.mocked(untilReady).mockImplementation((_, id) =>
            id === "lb-1-id" ? Promise.reject(new Error("lb-1 does not stay up")) : Promise.resolve(),
        );
        const unhandled = await unhandledRejectionsOf(async () => {
            const platform = await declare();
            await expect(platform.settled()).rejects.toThrow("lb-1 does not stay up");
        });
        expect(new Set(unhandled)).toEqual(new Set(["lb-1 does not stay up"]));
    });
});

it("a preview is settled at once", async () => {
    vi.mocked(untilReady).mockReset();
    const engine = await RecordingEngine.start(true);
    const platform = offlineDocker();
    await engine.run(() => new ExternalGateway("ext", { platform }));
    await platform.settled();
    expect(untilReady).not.toHaveBeenCalled();
});
