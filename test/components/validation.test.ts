import type { V1StatefulSet } from "@kubernetes/client-node";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components";
import { validate } from "../../components/platform/docker/validate";
import topology from "../../index";
import { only } from "../support/configs";
import { container } from "../support/dockerResources";
import { runOnKubernetes } from "../support/kubernetesStack";
import { RecordingEngine } from "../support/mocks";
import { runs } from "../support/runs";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn() }));

const tiers = ["external-gateway", "gateway", "load-balancer"];
const settings = {
    resolver: "dns",
    generator: true,
    gatewayOverrides: only("processors.memory_limiter.check_interval", "2s"),
};

describe.each(runs)("before anything is declared in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        vi.mocked(validate).mockReset();
        vi.mocked(validate).mockResolvedValue();
        engine = await RecordingEngine.start(preview);
    });

    it("the collectors on Docker are to validate what the replicas of each tier but the generator are given", async () => {
        configure({ ...settings, image: "some/collector:1" });
        await engine.run(topology);
        const uploads = engine.byType(container).flatMap(({ inputs }) => inputs.uploads as { content: string }[]);
        const [[, prefix, collectors = []] = []] = vi.mocked(validate).mock.calls;
        expect(prefix).toBe("otel-collector-tiers-test");
        expect(collectors.map(({ tier, image }) => [tier, image])).toEqual(
            tiers.map((tier) => [tier, "some/collector:1"]),
        );
        const given = uploads.filter(Boolean).map(({ content }) => content);
        for (const { tier, text } of collectors) expect(given.includes(text), tier).toBe(true);
    });

    it("they are shown no header of a backend", async () => {
        configure({ backends: [{ endpoint: "https://otlp.example.com", headers: { "api-key": "SECRET" } }] });
        await engine.run(topology);
        expect(JSON.stringify(vi.mocked(validate).mock.calls[0]?.[2])).not.toContain("SECRET");
    });

    it("what they do not take is refused, and nothing is registered", async () => {
        vi.mocked(validate).mockRejectedValue(new InvalidInput("the collector does not take it"));
        configure({});
        await expect(topology()).rejects.toThrow("the collector does not take it");
        await engine.settled();
        expect(engine.resources).toEqual([]);
    });

    it("the same on Kubernetes, with the image of each tier's pods", async () => {
        const { cluster, object } = await runOnKubernetes(settings, { preview });
        const [job, ...others] = cluster.jobs;
        expect(others).toEqual([]);
        expect(job?.spec?.template.spec?.containers.map(({ name, image }) => [name, image])).toEqual(
            tiers.map((tier) => [
                tier,
                object<V1StatefulSet>("StatefulSet", tier).spec?.template.spec?.containers[0]?.image,
            ]),
        );
    });
});
