import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExternalGateway, type ExternalGatewayArgs, InvalidInput } from "../../components";
import { at, printConfig } from "../../components/collector/config";
import { externalGatewayTierConfig } from "../../components/ExternalGateway";
import { only } from "../support/configs";
import { container, filesMount, filesOf, offlineDocker, published, volume } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

const token = "otel-collector-tiers:index:ExternalGateway";
const vendor = { endpoint: "https://otlp.example.com:4317" };
const named = { ...vendor, name: "vendor" };

const args = (over: Partial<ExternalGatewayArgs> = {}): ExternalGatewayArgs => ({ platform: offlineDocker(), ...over });

describe.each(runs)("an ExternalGateway in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(preview);
    });

    const declare = (over?: Partial<ExternalGatewayArgs>) => engine.run(() => new ExternalGateway("ext", args(over)));
    const carried = () => {
        const { config: text, secrets } = filesOf(engine, "ext");
        return { text, secrets };
    };

    it("is registered under its token, with its endpoints as outputs", async () => {
        const tier = await declare();
        const [component, ...others] = engine.byType(token);
        expect(others).toEqual([]);
        expect(component).toMatchObject({ name: "ext", parent: "" });
        const outputs = { endpoint: "ext:4317", tapEndpoint: "http://127.0.0.1:8889/metrics" };
        expect(await known({ endpoint: tier.endpoint, tapEndpoint: tier.tapEndpoint })).toEqual(outputs);
        expect(engine.outputs.get(component?.urn ?? "")).toEqual(outputs);
    });

    it("is one container with its files, and one volume that is kept", async () => {
        await declare();
        const [component] = engine.byType(token);
        const children = engine.resources.filter(({ parent }) => parent === component?.urn);
        expect(children.map(({ type, name }) => [type, name]).sort()).toEqual([
            [container, "ext-1"],
            [volume, "ext-1"],
            ["otel-collector-tiers:index:FileVolume", "ext-files"],
        ]);
        expect(engine.byName(volume, "ext-1").retainOnDelete).toBe(true);
        expect(engine.byName(container, "ext-1").inputs.volumes).toEqual([
            filesMount("ext"),
            { volumeName: "test-ext-1", containerPath: "/var/lib/otelcol" },
        ]);
    });

    it("publishes the tap on this machine only, and nothing else", async () => {
        await declare({ tapPort: 18889 });
        expect(engine.byName(container, "ext-1").inputs.ports).toEqual([published(8889, 18889)]);
    });

    it("has its configuration as readable text", async () => {
        const tier = await declare({ backends: [vendor] });
        expect(carried()).toEqual({ text: printConfig(tier.config), secrets: [] });
        expect(carried().text).toContain("endpoint: otlp.example.com:4317\n");
    });

    it("keeps headers secret, and out of what the component shows", async () => {
        const tier = await declare({ backends: [{ ...vendor, headers: { "api-key": "SECRET" } }] });
        expect(carried().text).toContain("api-key: SECRET\n");
        expect(carried().secrets).toEqual(["uploads.0.content"]);
        expect(printConfig(tier.config)).not.toContain("SECRET");
    });

    it("takes headers that are outputs, each for its own backend", async () => {
        const headers = pulumi.output({ "api-key": pulumi.secret("SECRET") });
        await declare({
            backends: [
                { endpoint: "http://jaeger:4317" },
                { endpoint: "https://logs.example.com", protocol: "http", headers },
            ],
        });
        expect(carried().secrets).toEqual(["uploads.0.content"]);
        expect(carried().text).toMatch(
            /otlp_http\/logs\.example\.com:\n(?: {4}.*\n)*? {4}headers:\n {6}api-key: SECRET/,
        );
        expect(carried().text.match(/headers:/g)).toHaveLength(1);
    });

    it("has it as a secret with overrides, which may hold one", async () => {
        await declare({ backends: [named], overrides: only("exporters.otlp_grpc/vendor.timeout", "5s") });
        expect(carried().text).toContain("timeout: 5s\n");
        expect(carried().secrets).toEqual(["uploads.0.content"]);
    });

    it("lays overrides over a configuration with headers too", async () => {
        await declare({
            backends: [{ ...named, headers: { "api-key": "SECRET" } }],
            overrides: only("exporters.otlp_grpc/vendor.timeout", "5s"),
        });
        expect(carried().text).toContain("timeout: 5s\n");
        expect(carried().text).toContain("api-key: SECRET\n");
    });

    it("names a backend by its host, unless it has a name", async () => {
        const tier = await declare({ backends: [vendor, { ...vendor, name: "second" }] });
        expect(Object.keys(tier.config.exporters as object)).toEqual(
            expect.arrayContaining(["otlp_grpc/otlp.example.com", "otlp_grpc/second"]),
        );
    });

    it("takes undefined as the default", async () => {
        await declare({ tapPort: undefined, backends: undefined, queueSize: undefined });
        expect(engine.byName(container, "ext-1").inputs.ports).toEqual([published(8889, 8889)]);
        expect(carried().text).toContain("file/sink:\n");
    });

    it("has queues of the size that was asked for, or of 4 GiB, because Docker does not limit a volume", async () => {
        const tier = await declare({ backends: [vendor], queueSize: "42Mi" });
        expect(carried().text).toContain(`queue_size: ${42 * 2 ** 20}\n`);
        const other = externalGatewayTierConfig(args({ backends: [vendor] }));
        const size = ["exporters", "otlp_grpc/otlp.example.com", "sending_queue", "queue_size"];
        expect([at(tier.config, ...size), at(other, ...size)]).toEqual([42 * 2 ** 20, 4 * 2 ** 30]);
    });
});

describe("an ExternalGateway that is refused", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(() => engine.settled());

    const allowed = "allowed: a name of its own for each backend";

    it.each([
        ["one host", [vendor, { endpoint: "https://otlp.example.com:9999" }], "otlp.example.com"],
        ["one name", [vendor, { ...vendor, name: "x" }, { endpoint: "http://b:1", name: "x" }], "x"],
    ])("with two backends of %s", (_, backends, name) => {
        expect(() => new ExternalGateway("ext", args({ backends }))).toThrow(
            new InvalidInput(`the name of a backend is "${name}"; ${allowed}`),
        );
    });

    it.each([
        [
            "custody/external-queue-on-disk",
            "exporters.otlp_grpc/vendor.sending_queue.storage",
            [{ ...named, headers: { "api-key": "SECRET" } }],
        ],
        ["custody/external-file-unbuffered", "exporters.file/sink.rotation", []],
    ])("with overrides that break %s", (rule, path, backends) => {
        const declare = () => new ExternalGateway("ext", args({ backends, overrides: only(path, null) }));
        expect(declare).toThrow(InvalidInput);
        expect(declare).toThrow(
            `the configuration of the external gateway breaks what is promised: ${path} is not set; `,
        );
        expect(declare).toThrow(`[${rule}]`);
        expect(declare).not.toThrow(/SECRET/);
    });
});
