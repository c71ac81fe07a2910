import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GatewayTier, type GatewayTierArgs, InvalidInput } from "../../components";
import { printConfig } from "../../components/collector/config";
import { gatewayTierConfig } from "../../components/GatewayTier";
import { untilReady } from "../../components/platform/docker/readiness";
import { only } from "../support/configs";
import {
    container,
    filesMount,
    filesOf,
    image,
    network,
    offlineDocker,
    provider,
    replicasIn,
    volume,
} from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { runs } from "../support/runs";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

const token = "otel-collector-tiers:index:GatewayTier";

const args = (over: Partial<GatewayTierArgs> = {}): GatewayTierArgs => ({
    platform: offlineDocker(),
    externalGateway: { endpoint: "collector.example:4317" },
    ...over,
});

describe.each(runs)("a GatewayTier without the other tiers, in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        vi.mocked(untilReady).mockClear();
        engine = await RecordingEngine.start(preview);
    });

    const declare = (over?: Partial<GatewayTierArgs>) => engine.run(() => new GatewayTier("gw", args(over)));

    it("is registered under its token, with its backends as outputs", async () => {
        const tier = await declare();
        const [component, ...others] = engine.byType(token);
        expect(others).toEqual([]);
        expect(component).toMatchObject({ name: "gw", parent: "" });
        const backends = { port: 4317, hosts: ["gw-1", "gw-2", "gw-3"], sharedHost: "gw", refresh: "100ms" };
        expect(tier.backends).toEqual({ ...backends, service: undefined });
        expect(engine.outputs.get(component?.urn ?? "")).toEqual({ backends });
    });

    it("has a container for each replica and their files as its children, and nothing else", async () => {
        await declare({ replicas: 4 });
        const [component] = engine.byType(token);
        const children = engine.resources.filter(({ parent }) => parent === component?.urn);
        expect(children.map(({ type, name }) => [type, name])).toEqual([
            ["otel-collector-tiers:index:FileVolume", "gw-files"],
            ...["gw-1", "gw-2", "gw-3", "gw-4"].map((name) => [container, name]),
        ]);
    });

    it("keeps nothing on disk and publishes nothing", async () => {
        await declare();
        expect(engine.byType(volume).map(({ name }) => name)).toEqual(["gw-files"]);
        for (const { inputs } of replicasIn(engine)) {
            expect(inputs.volumes).toEqual([filesMount("gw")]);
            expect(inputs.ports).toEqual([]);
        }
    });

    it("gives each replica its own name and the tier's", async () => {
        await declare({ replicas: 2 });
        const names = replicasIn(engine).map(({ inputs }) => [inputs.networksAdvanced, inputs.envs]);
        expect(names).toEqual(
            ["gw-1", "gw-2"].map((name) => [
                [{ name: "test", aliases: [name, "gw"] }],
                [`REPLICA_NAME=${name}`, "GOGC=800", `GOMEMLIMIT=${Math.floor(512 * 2 ** 20 * 0.45)}`],
            ]),
        );
    });

    it("sends to the endpoint that it was given", async () => {
        const tier = await declare();
        const content = printConfig(tier.config);
        expect(content).toContain("endpoint: collector.example:4317\n");
        const { config, secrets } = filesOf(engine, "gw");
        expect(config).toBe(content);
        expect(secrets).toEqual([]);
    });

    it("lays overrides over its configuration, as a secret", async () => {
        await declare({ overrides: only("exporters.otlp_grpc/external.headers.key", "SECRET") });
        const { config, secrets } = filesOf(engine, "gw");
        expect(config).toContain("key: SECRET");
        expect(secrets).toEqual(["uploads.0.content"]);
        for (const { inputs } of replicasIn(engine)) expect(JSON.stringify(inputs)).not.toContain("SECRET");
    });

    it("takes empty overrides for none", async () => {
        await declare({ overrides: {} });
        expect(filesOf(engine, "gw").secrets).toEqual([]);
    });

    it("has memory without swap, and restarts by itself", async () => {
        await declare({ memory: "1Gi", cpu: "2" });
        expect(engine.byName(container, "gw-1").inputs).toMatchObject({
            memory: 1024,
            memorySwap: 1024,
            cpus: "2",
            restart: "unless-stopped",
            stopTimeout: 12,
        });
    });

    it(`${preview ? "waits for nothing" : "waits until each replica is back in every ring"}`, async () => {
        await declare({ replicas: 2 });
        const waited = () => vi.mocked(untilReady).mock.calls.map(([, id, ready]) => [id, ready?.settleSeconds]);
        const settling = ["gw-1-id", "gw-2-id"].map((id) => [id, 1.5]);
        await vi.waitFor(() => expect(waited()).toEqual(preview ? [] : settling));
    });

    it("comes with one environment: provider, network and one image, which all belong to it", async () => {
        await declare();
        const [environment, ...others] = engine.byType("otel-collector-tiers:index:DockerEnvironment");
        expect(others).toEqual([]);
        const children = engine.resources.filter(({ parent }) => parent === environment?.urn);
        expect(children.map(({ type }) => type).sort()).toEqual([image, network, provider].sort());
    });

    it("asks no default provider for anything", async () => {
        await declare();
        const [own] = engine.byType(provider);
        const others = engine.resources.filter(({ type }) => type.startsWith("docker:"));
        expect(others.length).toBeGreaterThan(0);
        for (const { provider: used } of others) expect(used.startsWith(`${own?.urn}::`)).toBe(true);
    });
});

describe("a GatewayTier that is refused", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(() => engine.settled());

    it.each([
        ["custody/gateway-is-synchronous", "exporters.otlp_grpc/external.sending_queue.enabled", true],
        ["custody/gateway-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["tail_sampling"]],
    ])("with overrides that break %s", (rule, path, value) => {
        const overrides = only(path, value);
        expect(() => new GatewayTier("gw", args({ overrides }))).toThrow(InvalidInput);
        expect(() => new GatewayTier("gw", args({ overrides }))).toThrow(`[${rule}]`);
        expect(() => gatewayTierConfig(args({ overrides }))).toThrow(
            "the configuration of the gateway tier breaks what is promised: ",
        );
    });
});
