import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput, LoadBalancerTier, type LoadBalancerTierArgs } from "../../components";
import { at, printConfig } from "../../components/collector/config";
import { loadBalancerTierConfig } from "../../components/LoadBalancerTier";
import { untilReady } from "../../components/platform/docker/readiness";
import { only } from "../support/configs";
import {
    container,
    filesMount,
    filesOf,
    offlineDocker,
    published,
    replicasIn,
    volume,
} from "../support/dockerResources";
import { RecordingEngine, unknown } from "../support/mocks";
import { runs } from "../support/runs";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

const token = "otel-collector-tiers:index:LoadBalancerTier";

/** Gateways that somebody else runs, known by name. */
const backends = { port: 14317, hosts: ["one.example", "two.example"], sharedHost: "all.example", refresh: "1s" };

const args = (over: Partial<LoadBalancerTierArgs> = {}): LoadBalancerTierArgs => ({
    platform: offlineDocker(),
    gateways: { backends },
    ...over,
});

const waived: LoadBalancerTierArgs["waived"] = ["ingress/is-encrypted", "ingress/knows-its-clients"];
const twoLbs = { replicas: 2, grpcPorts: [4317, 4319], httpPorts: [4318, 4320], metricsPorts: [8888, 8890] };

describe.each(runs)("a LoadBalancerTier in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        vi.mocked(untilReady).mockClear();
        engine = await RecordingEngine.start(preview);
    });

    const declare = (over?: Partial<LoadBalancerTierArgs>) => engine.run(() => new LoadBalancerTier("lb", args(over)));

    it("is registered under its token, with the endpoints as outputs", async () => {
        await declare(twoLbs);
        const [component, ...others] = engine.byType(token);
        expect(others).toEqual([]);
        expect(component).toMatchObject({ name: "lb", parent: "" });
        expect(engine.outputs.get(component?.urn ?? "")).toEqual({
            grpcEndpoints: ["127.0.0.1:4317", "127.0.0.1:4319"],
            httpEndpoints: ["http://127.0.0.1:4318", "http://127.0.0.1:4320"],
            metricsEndpoints: ["http://127.0.0.1:8888/metrics", "http://127.0.0.1:8890/metrics"],
        });
    });

    it("has a container and a volume for each replica, all of them its children", async () => {
        await declare(twoLbs);
        const [component] = engine.byType(token);
        for (const type of [container, volume]) {
            const ofReplicas = engine.byType(type).filter(({ name }) => name !== "lb-files");
            expect(ofReplicas.map(({ name }) => name)).toEqual(["lb-1", "lb-2"]);
            expect(ofReplicas.map(({ parent }) => parent)).toEqual([component?.urn, component?.urn]);
        }
    });

    it("keeps the queues' volumes when their replicas go, and only those", async () => {
        await declare(twoLbs);
        const kept = engine.resources.filter(({ retainOnDelete }) => retainOnDelete);
        expect(kept.map(({ type, inputs }) => [type, inputs.name])).toEqual([
            [volume, "test-lb-1"],
            [volume, "test-lb-2"],
        ]);
    });

    it("has queues of the size that was asked for, or of 1 GiB, because Docker does not limit a volume", async () => {
        const tier = await declare({ queueSize: "42Mi" });
        const size = ["exporters", "load_balancing", "sending_queue", "queue_size"];
        const other = loadBalancerTierConfig(args());
        expect([at(tier.config, ...size), at(other, ...size)]).toEqual([42 * 2 ** 20, 2 ** 30]);
    });

    it("gives a container everything it runs with", async () => {
        await declare({ memory: "256Mi", cpu: "500m" });
        const { inputs, deleteBeforeReplace } = engine.byName(container, "lb-1");
        expect(deleteBeforeReplace).toBe(true);
        expect(inputs).toEqual({
            name: "test-lb-1",
            image: preview ? unknown : "sha256:test-otel-collector-tiers-collector-0.161.0",
            command: [`--config=${filesOf(engine, "lb").configPath}`],
            envs: ["REPLICA_NAME=lb-1", "GOGC=800", `GOMEMLIMIT=${Math.floor(256 * 2 ** 20 * 0.45)}`],
            labels: [{ label: "otel-collector-tiers.test", value: "" }],
            restart: "unless-stopped",
            networksAdvanced: [{ name: "test", aliases: ["lb-1", "lb"] }],
            hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
            ports: [published(4317, 4317), published(4318, 4318), published(8888, 8888)],
            volumes: [filesMount("lb"), { volumeName: "test-lb-1", containerPath: "/var/lib/otelcol" }],
            user: "10001:10001",
            readOnly: true,
            capabilities: { drops: ["ALL"] },
            securityOpts: ["no-new-privileges:true"],
            ulimits: [{ name: "nproc", soft: 4096, hard: 4096 }],
            memory: 256,
            memorySwap: 256,
            cpus: "0.5",
            stopTimeout: 15,
            destroyGraceSeconds: 15,
            logDriver: "json-file",
            logOpts: { "max-size": "10m", "max-file": "3" },
        });
    });

    it("publishes each replica's own ports, on the address that was asked for", async () => {
        await declare({ ...twoLbs, bindAddress: "0.0.0.0", waived });
        expect(engine.byName(container, "lb-2").inputs.ports).toEqual([
            published(4317, 4319, "0.0.0.0"),
            published(4318, 4320, "0.0.0.0"),
            published(8888, 8890, "0.0.0.0"),
        ]);
    });

    it("has its configuration as readable text", async () => {
        await declare();
        const { config, secrets } = filesOf(engine, "lb");
        expect(config).toBe(printConfig(loadBalancerTierConfig(args())));
        expect(config).toContain("- one.example:14317\n");
        expect(secrets).toEqual([]);
    });

    it("has it as a secret with overrides, which may hold one", async () => {
        await declare({ overrides: only("exporters.load_balancing.protocol.otlp.headers.key", "SECRET") });
        const { config, secrets } = filesOf(engine, "lb");
        expect(config).toContain("SECRET");
        expect(secrets).toEqual(["uploads.0.content"]);
    });

    it("takes undefined as the default", async () => {
        await declare({ replicas: undefined, memory: undefined, grpcPorts: undefined, resolver: undefined });
        expect(replicasIn(engine)).toHaveLength(1);
        expect(engine.byName(container, "lb-1").inputs).toMatchObject({ memory: 512, memorySwap: 512 });
        expect(engine.byName(container, "lb-1").inputs).not.toHaveProperty("cpus");
    });

    it(`waits for ${preview ? "nothing" : "each replica"}`, async () => {
        await declare(twoLbs);
        const waited = () => vi.mocked(untilReady).mock.calls.map(([, id, ready]) => [id, ready?.logLine]);
        const line = "Everything is ready. Begin running and processing data.";
        const both = ["lb-1-id", "lb-2-id"].map((id) => [id, line]);
        await vi.waitFor(() => expect(waited()).toEqual(preview ? [] : both));
    });

    it("with dns asks for the shared name", async () => {
        const tier = await declare({ resolver: "dns" });
        expect(printConfig(tier.config)).toContain("hostname: all.example\n");
        expect(tier.internalEndpoint).toBe("lb:4317");
    });
});

describe("a LoadBalancerTier that is refused", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(() => engine.settled());

    it("with a resolver that the platform does not have", () => {
        expect(() => new LoadBalancerTier("lb", args({ resolver: "k8s" }))).toThrow(
            new InvalidInput('resolver is "k8s"; allowed: static or dns, on the platform docker'),
        );
    });

    it.each([
        ["custody/lb-queue-on-disk", "exporters.load_balancing.sending_queue.storage", null],
        ["custody/lb-queue-holds-a-message", "exporters.load_balancing.sending_queue.queue_size", 1],
        ["custody/lb-retries-for-ever", "exporters.load_balancing.retry_on_failure.max_elapsed_time", "1m"],
        ["custody/lb-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["batch"]],
    ])("with overrides that break %s", (rule, path, value) => {
        const declare = () => new LoadBalancerTier("lb", args({ overrides: only(path, value) }));
        expect(declare).toThrow(InvalidInput);
        expect(declare).toThrow(`the configuration of the lb tier breaks what is promised: ${path} is `);
        expect(declare).toThrow(`[${rule}]`);
    });

    it("with an address that others reach, where it neither encrypts nor asks for a token", () => {
        const declare = (over: Partial<LoadBalancerTierArgs>) =>
            new LoadBalancerTier("lb", args({ bindAddress: "10.0.0.1", ...over }));
        expect(() => declare({ tokens: ["a-token-of-clients"] })).toThrow("[ingress/is-encrypted]");
        const servingIdentity = { certificate: "CERTIFICATE", key: "KEY" };
        expect(() => declare({ servingIdentity })).toThrow("[ingress/knows-its-clients]");
    });

    it("with a memory limit that is none, naming the tier", () => {
        expect(() => new LoadBalancerTier("edge", args({ memory: "12" }))).toThrow(
            new InvalidInput('memory of the lb tier is "12"; allowed: at least 64Mi, as in "512Mi" or "2Gi"'),
        );
    });

    it("with a configuration file that does not exist", () => {
        expect(() => new LoadBalancerTier("lb", args({ config: "/nowhere/lb.yaml" }))).toThrow(
            "the collector configuration /nowhere/lb.yaml cannot be read",
        );
    });

    it("with neither one port nor one for each replica", () => {
        const wrong = args({ replicas: 3, grpcPorts: [4317, 5317] });
        expect(() => new LoadBalancerTier("lb", wrong)).toThrow("grpcPorts is [4317,5317]; allowed: one port, or 3");
    });
});
