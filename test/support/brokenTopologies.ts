import { type BackendFacts, externalGatewayConfig } from "../../components/collector/externalGateway";
import { withIngress } from "../../components/collector/ingress";
import type { RuleId } from "../../components/collector/rules/catalogue";
import type { Surroundings, Tier, Topology } from "../../components/collector/topology";
import { changed, shipped } from "./configs";

const mib = 2 ** 20;
const lb = "exporters.load_balancing";
const external = "exporters.otlp_grpc/external";
const vendor = "exporters.otlp_grpc/vendor";
const backend: BackendFacts = {
    name: "vendor",
    endpoint: "http://vendor:4317",
    protocol: "grpc",
    signals: ["traces", "logs"],
    headers: {},
};

/** The shipped configurations, with a backend for traces and logs, and the file for metrics: no rule is broken. */
export const soundTopology = (): Topology => ({
    loadBalancer: withIngress(shipped.loadBalancer(), { isEncrypted: true, tokens: ["token"], folder: "/etc/otelcol" }),
    gateway: shipped.gateway(),
    externalGateway: externalGatewayConfig(shipped.externalGateway(), [backend]),
});

/** Its queues fit these. */
const volumes = [{ path: "/var/lib/otelcol", bytes: 64 * 2 ** 30 }];

const batching = (over: object) => ({
    enabled: true,
    wait_for_result: true,
    batch: { sizer: "bytes", max_size: 24 * mib, ...over },
});

/** What breaks each rule: one value of one tier. */
const breaks: Record<RuleId, [Tier, string, unknown]> = {
    "custody/lb-keeps-nothing-in-memory": ["loadBalancer", "service.pipelines.traces.processors", ["batch"]],
    "custody/lb-routes-everything": ["loadBalancer", "service.pipelines.logs.exporters", ["debug"]],
    "custody/lb-routes-every-metric": ["loadBalancer", "exporters.load_balancing/metrics.routing_key", "service"],
    "custody/lb-queue-on-disk": ["loadBalancer", `${lb}.sending_queue.storage`, null],
    "custody/lb-queue-in-bytes": ["loadBalancer", `${lb}.sending_queue.sizer`, "requests"],
    "custody/lb-queue-holds-a-message": ["loadBalancer", `${lb}.sending_queue.queue_size`, mib],
    "custody/lb-queues-fit-their-disk": ["loadBalancer", `${lb}.sending_queue.queue_size`, 2 ** 40],
    "custody/lb-retries-for-ever": ["loadBalancer", `${lb}.retry_on_failure.max_elapsed_time`, "5m"],
    "custody/lb-batches-in-bytes": ["loadBalancer", `${lb}.sending_queue.batch.sizer`, "items"],
    "custody/lb-batches-hold-a-message": ["loadBalancer", `${lb}.sending_queue.batch.max_size`, mib],
    "custody/lb-queue-only-on-top": ["loadBalancer", `${lb}.protocol.otlp.sending_queue.enabled`, true],
    "custody/lb-one-resolver": ["loadBalancer", `${lb}.resolver.dns`, { hostname: "gateway" }],
    "custody/gateway-keeps-nothing-in-memory": ["gateway", "service.pipelines.traces.processors", ["tail_sampling"]],
    "custody/gateway-is-synchronous": ["gateway", `${external}.sending_queue.enabled`, true],
    "custody/gateway-batches-in-bytes": ["gateway", `${external}.sending_queue`, batching({ sizer: "items" })],
    "custody/gateway-batches-hold-a-message": ["gateway", `${external}.sending_queue`, batching({ max_size: mib })],
    "custody/external-gateway-keeps-nothing-in-memory": [
        "externalGateway",
        "service.pipelines.traces.processors",
        ["batch"],
    ],
    "custody/external-queue-on-disk": ["externalGateway", `${vendor}.sending_queue.storage`, null],
    "custody/external-queue-in-bytes": ["externalGateway", `${vendor}.sending_queue.sizer`, "requests"],
    "custody/external-queue-holds-a-message": ["externalGateway", `${vendor}.sending_queue.queue_size`, mib],
    "custody/external-queues-fit-their-disk": ["externalGateway", `${vendor}.sending_queue.queue_size`, 2 ** 40],
    "custody/external-retries-for-ever": ["externalGateway", `${vendor}.retry_on_failure.enabled`, false],
    "custody/external-batches-in-bytes": ["externalGateway", `${vendor}.sending_queue.batch.sizer`, "items"],
    "custody/external-file-unbuffered": ["externalGateway", "exporters.file/sink.rotation", null],
    "topology/limits-grow": ["gateway", "receivers.otlp.protocols.grpc.max_recv_msg_size_mib", 4],
    "topology/batches-fit": ["loadBalancer", `${lb}.sending_queue.batch.max_size`, 24 * mib],
    "topology/backend-batches-hold-a-message": ["externalGateway", `${vendor}.sending_queue.batch.max_size`, mib],
    "topology/signals-go-through": ["gateway", "service.pipelines.logs", null],
    "topology/deadlines-shrink": ["loadBalancer", `${lb}.protocol.otlp.timeout`, "7s"],
    "mtls/senders-prove-themselves": ["gateway", "receivers.otlp.protocols.grpc.tls.client_ca_file", null],
    "mtls/next-tier-proves-itself": ["loadBalancer", `${lb}.protocol.otlp.tls.insecure_skip_verify`, true],
    "ingress/is-encrypted": ["loadBalancer", "receivers.otlp.protocols.http.tls", null],
    "ingress/knows-its-clients": ["loadBalancer", "receivers.otlp.protocols.grpc.auth", null],
    "mtls/certificates-are-read-again": ["gateway", `${external}.tls.reload_interval`, null],
};

/** What the rules have to know beside it. */
export const surroundings: Surroundings = {
    volumes: { loadBalancer: volumes, externalGateway: volumes },
    hasIdentities: true,
    isReachable: true,
};

/** A topology that breaks a rule, and the tier that does. */
export function brokenTopology(rule: RuleId): { topology: Topology; tier: Tier } {
    const [tier, path, value] = breaks[rule];
    const topology = soundTopology();
    return { topology: { ...topology, [tier]: changed(topology[tier], path, value) }, tier };
}
