import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components";
import { preflight } from "../../components/platform/docker/preflight";
import topology from "../../index";
import { only } from "../support/configs";
import { RecordingEngine } from "../support/mocks";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn(() => Promise.resolve()) }));

describe("the program that is refused registers nothing at all", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(async () => {
        await engine.settled();
        vi.mocked(preflight).mockReset();
        expect(engine.resources).toEqual([]);
    });

    it.each<[string, string, string, unknown]>([
        [
            "custody/lb-queue-on-disk",
            "loadBalancerOverrides",
            "exporters.load_balancing.sending_queue.storage",
            "file_storage/other",
        ],
        [
            "custody/gateway-is-synchronous",
            "gatewayOverrides",
            "exporters.otlp_grpc/external.sending_queue.enabled",
            true,
        ],
        [
            "custody/external-gateway-keeps-nothing-in-memory",
            "externalGatewayOverrides",
            "service.pipelines.traces.processors",
            ["memory_limiter", "batch"],
        ],
        [
            "custody/lb-batches-hold-a-message",
            "loadBalancerOverrides",
            "receivers.otlp.protocols.grpc.max_recv_msg_size_mib",
            20,
        ],
        [
            "topology/batches-fit",
            "loadBalancerOverrides",
            "exporters.load_balancing.sending_queue.batch.max_size",
            24 * 2 ** 20,
        ],
        ["topology/limits-grow", "gatewayOverrides", "receivers.otlp.protocols.grpc.max_recv_msg_size_mib", 4],
        ["topology/deadlines-shrink", "gatewayOverrides", "exporters.otlp_grpc/external.timeout", "43s"],
        ["topology/signals-go-through", "gatewayOverrides", "service.pipelines.logs", null],
    ])("an override that breaks %s", async (rule, key, path, value) => {
        configure({ [key]: only(path, value) });
        await expect(topology()).rejects.toThrow(InvalidInput);
        await expect(topology()).rejects.toThrow(`[${rule}]`);
    });

    it("a setting that is out of range", async () => {
        configure({ gateways: 0 });
        await expect(topology()).rejects.toThrow("gateways is 0; allowed: a whole number from 1 to 100");
        expect(preflight).not.toHaveBeenCalled();
    });

    it("a setting that is no number", async () => {
        configure({ gateways: "three" });
        await expect(topology()).rejects.toThrow(/gateways.*three/);
    });

    it("a cluster that nobody named", async () => {
        configure({ platform: "kubernetes", resolver: "k8s" });
        await expect(topology()).rejects.toThrow(
            new InvalidInput('context is ""; allowed: a context of the kubeconfig; none is taken by itself'),
        );
    });

    it("a scaler on Docker", async () => {
        configure({ scaledBy: "external", resolver: "dns" });
        await expect(topology()).rejects.toThrow(
            new InvalidInput('scaledBy is "external"; allowed: replicas, because the platform is docker'),
        );
    });

    it("two backends with one name", async () => {
        configure({ backends: [{ endpoint: "http://a:1" }, { endpoint: "http://a:2" }] });
        await expect(topology()).rejects.toThrow('the name of a backend is "a"');
    });

    it("a machine that lacks something", async () => {
        vi.mocked(preflight).mockRejectedValue(new InvalidInput("Docker does not answer"));
        configure({});
        await expect(topology()).rejects.toThrow("Docker does not answer");
    });
});
