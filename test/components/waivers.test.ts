import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { externalGatewayTierConfig } from "../../components/ExternalGateway";
import { gatewayTierConfig } from "../../components/GatewayTier";
import { loadBalancerTierConfig } from "../../components/LoadBalancerTier";
import { preflight } from "../../components/platform/docker/preflight";
import topology from "../../index";
import { only } from "../support/configs";
import { container, offlineDocker } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn(() => Promise.resolve()) }));

describe("a program with waivers", () => {
    let engine: RecordingEngine;
    const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(() => Promise.resolve());
    beforeEach(async () => {
        vi.mocked(preflight).mockClear();
        warn.mockClear();
        engine = await RecordingEngine.start(false);
    });
    afterEach(() => engine.settled());

    it("says what it gives up where a rule is waived", async () => {
        configure({
            gatewayOverrides: only("service.pipelines.traces.processors", ["tail_sampling"]),
            loadBalancerOverrides: only("exporters.load_balancing.sending_queue.batch.max_size", 24 * 2 ** 20),
            waived: ["topology/batches-fit", "custody/gateway-keeps-nothing-in-memory"],
        });
        const { waived } = await known(await engine.run(topology));
        const given = [
            "custody/gateway-keeps-nothing-in-memory: a gateway owns nothing, and may be killed at any time without a loss",
            "topology/batches-fit: a batch that one tier has made is never too large for the next",
        ];
        expect(waived).toEqual(given);
        expect(warn.mock.calls).toEqual(given.map((text) => [`waived, and given up: ${text}`]));
        expect(engine.byType(container).filter(({ inputs }) => !inputs.uploads)).toHaveLength(5);
    });

    it("an override that breaks a rule beside the one that is waived, is refused", async () => {
        configure({
            gatewayOverrides: {
                ...only("service.pipelines.traces.processors", ["batch"]),
                ...only("exporters.otlp_grpc/external.sending_queue.enabled", true),
            },
            waived: ["custody/gateway-is-synchronous"],
        });
        await expect(topology()).rejects.toThrow("[custody/gateway-keeps-nothing-in-memory]");
        await expect(topology()).rejects.not.toThrow("[custody/gateway-is-synchronous]");
    });

    it("a waiver of a rule that holds, is refused", async () => {
        configure({ waived: ["topology/limits-grow"] });
        await expect(topology()).rejects.toThrow(/^waived is "topology\/limits-grow"; allowed: rules that are broken/);
    });

    it("without one says nothing", async () => {
        configure({});
        expect((await known(await engine.run(topology))).waived).toEqual([]);
        expect(warn).not.toHaveBeenCalled();
    });
});

describe("a tier of its own takes what it is told to waive, and nothing else", () => {
    const platform = offlineDocker();
    const externalGateway = { endpoint: "elsewhere:4317" };
    const backends = { hosts: ["one"], sharedHost: "all", port: 4317, refresh: "1s" };
    const overrides = only("service.pipelines.traces.processors", ["batch"]);

    it("the lb tier", () => {
        const args = { platform, gateways: { backends }, overrides };
        expect(() => loadBalancerTierConfig(args)).toThrow("[custody/lb-keeps-nothing-in-memory]");
        expect(() => loadBalancerTierConfig({ ...args, waived: ["custody/lb-keeps-nothing-in-memory"] })).not.toThrow();
    });

    it("the gateway tier", () => {
        const args = { platform, externalGateway, overrides };
        expect(() => gatewayTierConfig({ ...args, waived: ["custody/lb-keeps-nothing-in-memory"] })).toThrow(
            "[custody/gateway-keeps-nothing-in-memory]",
        );
        expect(() => gatewayTierConfig({ ...args, waived: ["custody/gateway-keeps-nothing-in-memory"] })).not.toThrow();
    });

    it("the external gateway", () => {
        const args = { platform, overrides };
        expect(() => externalGatewayTierConfig(args)).toThrow("[custody/external-gateway-keeps-nothing-in-memory]");
        const waived = ["custody/external-gateway-keeps-nothing-in-memory" as const];
        expect(() => externalGatewayTierConfig({ ...args, waived })).not.toThrow();
    });

    it("but no rule that there is not", () => {
        const waived = ["custody/gateway-keeps-nothing"] as never[];
        expect(() => gatewayTierConfig({ platform, externalGateway, waived })).toThrow(
            'waived is "custody/gateway-keeps-nothing"; allowed: the id of a rule, such as custody/',
        );
    });
});
