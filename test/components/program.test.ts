import { beforeEach, describe, expect, it, vi } from "vitest";
import { preflight } from "../../components/platform/docker/preflight";
import topology from "../../index";
import { container, filesOf, image, network, provider, replicasIn, volume } from "../support/dockerResources";
import { identityResources, onAnyDay } from "../support/identities";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn(() => Promise.resolve()) }));

const dockerHost = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
const component = (name: string) => `otel-collector-tiers:index:${name}`;

const filesFor = (workload: string) => [
    `${component("FileVolume")} ${workload}-files`,
    `${container} ${workload}-files`,
    `${volume} ${workload}-files`,
];

const tiers = [
    ...identityResources,
    ...["external-gateway", "gateway", "load-balancer"].flatMap(filesFor),
    `${component("DockerEnvironment")} docker`,
    `${component("ExternalGateway")} external-gateway`,
    `${component("GatewayTier")} gateway`,
    `${component("LoadBalancerTier")} load-balancer`,
    `${container} external-gateway-1`,
    `${container} gateway-1`,
    `${container} gateway-2`,
    `${container} gateway-3`,
    `${container} load-balancer-1`,
    `${image} docker-otel-collector-tiers-collector-0.161.0`,
    `${network} docker`,
    `${provider} docker`,
    `${volume} external-gateway-1`,
    `${volume} load-balancer-1`,
];

describe.each(runs)("the program in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        vi.mocked(preflight).mockClear();
        engine = await RecordingEngine.start(preview);
    });

    const run = async (keys: Record<string, unknown> = {}) => {
        configure(keys);
        return known(await engine.run(topology));
    };
    const registered = () => engine.resources.map(({ type, name }) => onAnyDay(`${type} ${name}`)).sort();

    it("registers exactly the three tiers for a stack without settings", async () => {
        await run();
        expect(registered()).toEqual([...tiers].sort());
    });

    it("says where everything is", async () => {
        expect(await run()).toEqual({
            platform: "docker",
            location: { engine: dockerHost, prefix: "otel-collector-tiers-test" },
            resolver: "static",
            gateways: ["gateway-1", "gateway-2", "gateway-3"],
            grpc: ["127.0.0.1:4317"],
            http: ["http://127.0.0.1:4318"],
            metrics: ["http://127.0.0.1:8888/metrics"],
            tap: "http://127.0.0.1:8889/metrics",
            backends: [],
            waived: [],
        });
    });

    it("adds the generator when it is asked for", async () => {
        await run({ generator: true });
        expect(registered()).toEqual(
            [
                ...tiers,
                `${component("TelemetryGenerator")} generator`,
                `${container} generator-1`,
                `${image} docker-otel-collector-tiers-telemetrygen-0.161.0`,
            ].sort(),
        );
    });

    it("creates the external gateway, then the gateways, then the lb, then the generator", async () => {
        await run({ generator: true });
        const dependsOn = (later: string, earlier: string) =>
            expect(engine.byName(container, later).dependencies).toContain(engine.byName(container, earlier).urn);
        dependsOn("gateway-1", "external-gateway-1");
        dependsOn("gateway-3", "external-gateway-1");
        dependsOn("load-balancer-1", "gateway-3");
        dependsOn("generator-1", "load-balancer-1");
    });

    it("follows the settings", async () => {
        const outputs = await run({
            resolver: "dns",
            gateways: 5,
            loadBalancers: 2,
            bindAddress: "0.0.0.0",
            clientTls: "generated",
            clientTokens: ["some-client's-token"],
            backends: [{ endpoint: "https://otlp.example.com", headers: { "api-key": "SECRET" } }],
        });
        expect(outputs).toMatchObject({
            resolver: "dns",
            gateways: ["gateway-1", "gateway-2", "gateway-3", "gateway-4", "gateway-5"],
            grpc: ["127.0.0.1:4317", "127.0.0.1:4319"],
            http: ["https://127.0.0.1:4318", "https://127.0.0.1:4320"],
            metrics: ["http://127.0.0.1:8888/metrics", "http://127.0.0.1:8890/metrics"],
            backends: ["https://otlp.example.com"],
        });
        expect(JSON.stringify(outputs)).not.toContain("SECRET");
        const { config, secrets } = filesOf(engine, "external-gateway");
        expect(config).toContain("api-key: SECRET\n");
        expect(secrets).toContain("uploads.0.content");
        expect(filesOf(engine, "gateway").secrets).not.toContain("uploads.0.content");
        expect(JSON.stringify(replicasIn(engine))).not.toContain("SECRET");
    });

    it("with dns, more gateways leave the lb as it is", async () => {
        await run({ resolver: "dns", gateways: 2 });
        const before = [engine.byName(container, "load-balancer-1").inputs, filesOf(engine, "load-balancer").config];
        engine = await RecordingEngine.start(preview);
        await run({ resolver: "dns", gateways: 6 });
        const after = [engine.byName(container, "load-balancer-1").inputs, filesOf(engine, "load-balancer").config];
        expect(after).toEqual(before);
    });

    it("gives no container more rights than it needs, whatever it runs", async () => {
        await run({ generator: true });
        const replicas = replicasIn(engine);
        expect(replicas.map(({ name }) => name).sort()).toEqual(
            ["external-gateway-1", "gateway-1", "gateway-2", "gateway-3", "generator-1", "load-balancer-1"].sort(),
        );
        for (const { inputs } of replicas) {
            expect(inputs).toMatchObject({
                user: "10001:10001",
                readOnly: true,
                capabilities: { drops: ["ALL"] },
                securityOpts: ["no-new-privileges:true"],
                ulimits: [{ name: "nproc", soft: 4096, hard: 4096 }],
            });
            expect(inputs).not.toHaveProperty("privileged");
            expect(inputs.memory).toBeGreaterThan(0);
        }
        for (const { inputs } of engine.byType(container).filter((one) => !replicas.includes(one))) {
            expect(inputs).toMatchObject({ start: false, mustRun: false, networkMode: "none" });
        }
    });

    it("looks before it creates whether images and ports are there", async () => {
        await run({ generator: true });
        expect(vi.mocked(preflight).mock.calls.map(([, label, requirements]) => [label, requirements])).toEqual([
            [
                "otel-collector-tiers.otel-collector-tiers-test",
                {
                    images: ["otel-collector-tiers/collector:0.161.0", "otel-collector-tiers/telemetrygen:0.161.0"],
                    ports: [4317, 4318, 8888, 8889].map((port) => ({ address: "127.0.0.1", port })),
                },
            ],
        ]);
    });

    it("asks for images by their digests, where the settings name them so", async () => {
        const [collector, telemetrygen] = ["a", "b"].map((digit) => `example.com/c:1@sha256:${digit.repeat(64)}`);
        await run({ generator: true, image: collector, generatorImage: telemetrygen });
        expect(vi.mocked(preflight).mock.calls.map(([, , { images }]) => images)).toEqual([[collector, telemetrygen]]);
        expect(engine.byType(image).map(({ inputs }) => inputs.name)).toEqual([collector, telemetrygen]);
    });
});
