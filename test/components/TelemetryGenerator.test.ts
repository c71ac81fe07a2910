import { beforeEach, describe, expect, it, vi } from "vitest";
import { TelemetryGenerator, type TelemetryGeneratorArgs } from "../../components";
import { untilReady } from "../../components/platform/docker/readiness";
import { container, filesMount, filesOf, image, offlineDocker, replicasIn, volume } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { runs } from "../support/runs";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

const token = "otel-collector-tiers:index:TelemetryGenerator";

describe.each(runs)("a TelemetryGenerator in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        vi.mocked(untilReady).mockClear();
        engine = await RecordingEngine.start(preview);
    });

    const declare = (over: Partial<TelemetryGeneratorArgs> = {}) => {
        const target = { internalEndpoint: "lb:4317" };
        return engine.run(() => new TelemetryGenerator("gen", { platform: offlineDocker(), target, ...over }));
    };

    it("is one container under its token, without volume, port or file", async () => {
        await declare();
        const [component, ...others] = engine.byType(token);
        expect(others).toEqual([]);
        expect(engine.byType(volume)).toEqual([]);
        const generator = engine.byName(container, "gen-1");
        expect(engine.byType(container)).toEqual([generator]);
        expect(generator.parent).toBe(component?.urn);
        expect(generator.inputs.ports).toEqual([]);
        expect(generator.inputs.volumes).toEqual([]);
        expect(generator.inputs).not.toHaveProperty("uploads");
    });

    it("sends traces to its target for ever, at its rate", async () => {
        await declare({ rate: 50 });
        expect(engine.byName(container, "gen-1").inputs.command).toEqual([
            "traces",
            "--otlp-insecure",
            "--otlp-endpoint=lb:4317",
            "--rate=50",
            "--child-spans=4",
            "--duration=inf",
            "--service=gen",
        ]);
    });

    it("verifies its target where it knows who vouches for it, and else sends in plain text", async () => {
        await declare({ authority: "AUTHORITY" });
        const [generator, ...others] = replicasIn(engine);
        expect(others).toEqual([]);
        expect(generator?.inputs.command).toContain("--ca-cert=/etc/otelcol/ca.crt");
        expect(generator?.inputs.command).not.toContain("--otlp-insecure");
        expect(generator?.inputs.volumes).toEqual([filesMount("gen")]);
        expect(filesOf(engine, "gen").uploads).toEqual([{ file: "/etc/otelcol/ca.crt", content: "AUTHORITY" }]);
    });

    it("has limits of its own, and stops soon", async () => {
        await declare();
        expect(engine.byName(container, "gen-1").inputs).toMatchObject({
            memory: 128,
            memorySwap: 128,
            stopTimeout: 5,
            restart: "unless-stopped",
        });
    });

    it("takes undefined as the default", async () => {
        await declare({ rate: undefined, image: undefined });
        expect(engine.byName(container, "gen-1").inputs.command).toContain("--rate=10");
        expect(engine.byType(image).map(({ inputs }) => inputs.name)).toEqual([
            "otel-collector-tiers/telemetrygen:0.161.0",
        ]);
    });

    it(`${preview ? "is not waited for" : "is waited for until it runs"}`, async () => {
        await declare();
        const waited = () => vi.mocked(untilReady).mock.calls.map(([, id, ready]) => [id, ready]);
        await vi.waitFor(() => expect(waited()).toEqual(preview ? [] : [["gen-1-id", undefined]]));
    });
});
