import { describe, expect, it } from "vitest";
import type { Config } from "../../components/collector/config";
import { externalGatewayCustody, gatewayCustody, loadBalancerCustody } from "../../components/collector/custody";
import { externalGatewayConfig } from "../../components/collector/externalGateway";
import type { Violation } from "../../components/collector/rules/violation";
import { changed, shipped } from "../support/configs";

const rulesOf = (violations: Violation[]) => violations.map(({ rule, path }) => `${rule} at ${path}`);

describe("the shipped configurations keep custody", () => {
    it("load balancer", () => expect(loadBalancerCustody(shipped.loadBalancer())).toEqual([]));
    it("gateway", () => expect(gatewayCustody(shipped.gateway())).toEqual([]));
    it("external gateway, with a file", () => expect(externalGatewayCustody(shipped.externalGateway())).toEqual([]));
    it("external gateway, with backends", () => expect(externalGatewayCustody(withBackend())).toEqual([]));
});

function withBackend(): Config {
    const backend = { name: "vendor", endpoint: "http://vendor:4317", protocol: "grpc", headers: {} } as const;
    return externalGatewayConfig(shipped.externalGateway(), [{ ...backend, signals: ["traces"] }]);
}

const mib = 2 ** 20;
const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];
const lb = "exporters.load_balancing";
const onDisk = "custody/lb-queue-on-disk";
const endless = "custody/lb-retries-for-ever";

describe("the lb: each rule broken once", () => {
    it.each<[string, string, unknown, string?]>([
        [onDisk, `${lb}.sending_queue.enabled`, false],
        [onDisk, `${lb}.sending_queue.enabled`, null],
        [onDisk, `${lb}.sending_queue.storage`, null],
        [onDisk, `${lb}.sending_queue.storage`, "file_storage/other"],
        [onDisk, `${lb}.sending_queue.storage`, "health_check"],
        [onDisk, "exporters.load_balancing/logs.sending_queue.storage", null],
        [endless, `${lb}.retry_on_failure.enabled`, false],
        [endless, `${lb}.retry_on_failure.max_elapsed_time`, "5m"],
        [endless, `${lb}.retry_on_failure.max_elapsed_time`, null],
        [endless, `${lb}.retry_on_failure.initial_interval`, null],
        [endless, `${lb}.retry_on_failure.initial_interval`, "0s"],
        [endless, `${lb}.retry_on_failure.max_interval`, "soon"],
        [endless, "exporters.load_balancing/metrics.retry_on_failure.max_interval", null],
        ["custody/lb-queue-in-bytes", `${lb}.sending_queue.sizer`, "requests"],
        ["custody/lb-queue-in-bytes", "exporters.load_balancing/logs.sending_queue.sizer", null],
        ["custody/lb-queue-holds-a-message", `${lb}.sending_queue.queue_size`, 4 * mib - 1],
        ["custody/lb-queue-holds-a-message", "exporters.load_balancing/metrics.sending_queue.queue_size", null],
        ["custody/lb-queue-only-on-top", `${lb}.protocol.otlp.sending_queue.enabled`, true],
        ["custody/lb-queue-only-on-top", `${lb}.protocol.otlp.sending_queue.enabled`, null],
        ["custody/lb-routes-every-metric", "exporters.load_balancing/metrics.routing_key", "service"],
        ["custody/lb-routes-every-metric", "exporters.load_balancing/metrics.routing_key", "traceID"],
        ["custody/lb-routes-every-metric", "exporters.load_balancing/metrics.routing_key", null],
        [
            "custody/lb-routes-every-metric",
            "service.pipelines.metrics.exporters",
            ["load_balancing/logs"],
            "exporters.load_balancing/logs.routing_key",
        ],
        ["custody/lb-batches-in-bytes", `${lb}.sending_queue.batch.sizer`, "items"],
        ["custody/lb-batches-in-bytes", `${lb}.sending_queue.batch.sizer`, null],
        ["custody/lb-batches-in-bytes", `${lb}.sending_queue.batch.max_size`, null],
        ["custody/lb-batches-in-bytes", "exporters.load_balancing/logs.sending_queue.batch.max_size", 0],
        ["custody/lb-batches-hold-a-message", `${lb}.sending_queue.batch.max_size`, 4 * mib - 1],
        ["custody/lb-batches-hold-a-message", "exporters.load_balancing/metrics.sending_queue.batch.max_size", 1],
        ["custody/lb-one-resolver", `${lb}.resolver`, null],
        ["custody/lb-one-resolver", `${lb}.resolver.dns`, { hostname: "gateway" }, `${lb}.resolver`],
        ["custody/lb-routes-everything", "service.pipelines.logs.exporters", ["otlp_grpc/elsewhere"]],
        ["custody/lb-routes-everything", "service.pipelines.logs.exporters", []],
        ["custody/lb-routes-everything", "service.pipelines.traces.exporters", ["debug"]],
        ["custody/lb-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["memory_limiter", "batch"]],
        ["custody/lb-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["groupbytrace/10s"]],
    ])("%s: %s = %j", (rule, path, value, reported = path) => {
        const config = changed(shipped.loadBalancer(), path, value);
        expect(rulesOf(loadBalancerCustody(config))).toEqual([`${rule} at ${reported}`]);
    });

    it("a queue on a storage that does not run", () => {
        const config = changed(shipped.loadBalancer(), "service.extensions", ["health_check"]);
        expect(rulesOf(loadBalancerCustody(config))).toEqual(
            rings.map((id) => `${onDisk} at exporters.${id}.sending_queue.storage`),
        );
    });

    it.each<[string, unknown]>([
        ["grpc.max_recv_msg_size_mib", 17],
        ["http.max_request_body_size", 16 * mib + 1],
        ["http.max_request_body_size", null],
        ["http.max_request_body_size", 0],
    ])("a message that a batch has no room for: %s = %j", (protocol, value) => {
        const config = changed(shipped.loadBalancer(), `receivers.otlp.protocols.${protocol}`, value);
        expect(rulesOf(loadBalancerCustody(config))).toEqual(
            rings.map((id) => `custody/lb-batches-hold-a-message at exporters.${id}.sending_queue.batch.max_size`),
        );
    });

    it("without HTTP, its limit is nobody's concern", () => {
        const config = changed(shipped.loadBalancer(), "receivers.otlp.protocols.http", null);
        expect(loadBalancerCustody(changed(config, `${lb}.sending_queue.batch.max_size`, 4 * mib))).toEqual([]);
        expect(
            loadBalancerCustody(changed(config, "receivers.otlp.protocols.grpc.max_recv_msg_size_mib", null)),
        ).toEqual([]);
    });

    it("a queue may be no larger than one message", () => {
        const config = changed(shipped.loadBalancer(), `${lb}.sending_queue.queue_size`, 4 * mib);
        expect(loadBalancerCustody(config)).toEqual([]);
    });

    it("an lb need not batch", () => {
        expect(loadBalancerCustody(changed(shipped.loadBalancer(), `${lb}.sending_queue.batch`, null))).toEqual([]);
    });

    it.each([0, "0s", "0ms"])("an endless retry may be written as %j", (value) => {
        const config = changed(shipped.loadBalancer(), `${lb}.retry_on_failure.max_elapsed_time`, value);
        expect(loadBalancerCustody(config)).toEqual([]);
    });

    it("says what stands there and what would do", () => {
        const config = changed(shipped.loadBalancer(), `${lb}.retry_on_failure.max_elapsed_time`, "5m");
        expect(loadBalancerCustody(config)).toEqual([
            { rule: endless, path: `${lb}.retry_on_failure.max_elapsed_time`, got: "5m", allowed: "0s" },
        ]);
    });
});

const out = "exporters.otlp_grpc/external.sending_queue";
const batching = (over: Config) => ({
    enabled: true,
    wait_for_result: true,
    batch: { sizer: "bytes", max_size: 24 * mib, ...over },
});

describe("the gateway: each rule broken once", () => {
    it.each<[string, string, unknown, string?]>([
        ["custody/gateway-is-synchronous", `${out}.enabled`, true, out],
        ["custody/gateway-batches-in-bytes", out, batching({ sizer: "items" }), `${out}.batch.sizer`],
        ["custody/gateway-batches-in-bytes", out, batching({ max_size: 0 }), `${out}.batch.max_size`],
        ["custody/gateway-batches-hold-a-message", out, batching({ max_size: 24 * mib - 1 }), `${out}.batch.max_size`],
        ["custody/gateway-is-synchronous", out, { enabled: true, wait_for_result: false }],
        ["custody/gateway-is-synchronous", out, { enabled: true, wait_for_result: true, storage: "file_storage" }],
        ["custody/gateway-is-synchronous", out, null],
        ["custody/gateway-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["tail_sampling"]],
        ["custody/gateway-keeps-nothing-in-memory", "service.pipelines.logs.processors", ["batch/small"]],
        ["custody/gateway-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["group_by_trace"]],
    ])("%s: %s = %j", (rule, path, value, reported = path) => {
        expect(rulesOf(gatewayCustody(changed(shipped.gateway(), path, value)))).toEqual([`${rule} at ${reported}`]);
    });

    it("a gateway whose queue waits for the result is synchronous too", () => {
        expect(gatewayCustody(changed(shipped.gateway(), out, batching({})))).toEqual([]);
    });

    it("an exporter that no pipeline uses is nobody's concern", () => {
        expect(gatewayCustody(changed(shipped.gateway(), "exporters.debug", {}))).toEqual([]);
    });

    it("a second exporter is held to the same", () => {
        const exporters = ["otlp_grpc/external", "otlp_http/second"];
        const config = changed(shipped.gateway(), "service.pipelines.logs.exporters", exporters);
        expect(rulesOf(gatewayCustody(config))).toEqual([
            "custody/gateway-is-synchronous at exporters.otlp_http/second.sending_queue",
        ]);
    });
});

const vendor = "exporters.otlp_grpc/vendor";

describe("the external gateway: each rule broken once", () => {
    it.each<[string, string, unknown]>([
        ["custody/external-queue-on-disk", `${vendor}.sending_queue.enabled`, false],
        ["custody/external-queue-on-disk", `${vendor}.sending_queue.storage`, null],
        ["custody/external-queue-in-bytes", `${vendor}.sending_queue.sizer`, "items"],
        ["custody/external-queue-holds-a-message", `${vendor}.sending_queue.queue_size`, 32 * mib - 1],
        ["custody/external-retries-for-ever", `${vendor}.retry_on_failure.enabled`, null],
        ["custody/external-retries-for-ever", `${vendor}.retry_on_failure.max_elapsed_time`, "300s"],
        ["custody/external-retries-for-ever", `${vendor}.retry_on_failure.initial_interval`, "0s"],
        ["custody/external-retries-for-ever", `${vendor}.retry_on_failure.max_interval`, null],
        ["custody/external-batches-in-bytes", `${vendor}.sending_queue.batch.sizer`, "items"],
        ["custody/external-batches-in-bytes", `${vendor}.sending_queue.batch.max_size`, null],
        ["custody/external-file-unbuffered", "exporters.file/sink.rotation", null],
        ["custody/external-gateway-keeps-nothing-in-memory", "service.pipelines.traces.processors", ["batch"]],
    ])("%s: %s = %j", (rule, path, value) => {
        expect(rulesOf(externalGatewayCustody(changed(withBackend(), path, value)))).toEqual([`${rule} at ${path}`]);
    });

    it("the tap's own exporter and connector need no queue", () => {
        const config = changed(withBackend(), "service.pipelines.traces/verify.exporters", [
            "span_metrics/verify",
            "prometheus/verify",
        ]);
        expect(externalGatewayCustody(config)).toEqual([]);
    });
});
