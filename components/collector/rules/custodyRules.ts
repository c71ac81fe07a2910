import type { Rules } from "./rule";

const toMemory =
    "Take batch, groupbytrace and tail_sampling out of the tier's pipelines; exporters batch by sending_queue.batch";
const toDisk =
    "Give the exporter's sending_queue a file_storage extension that service.extensions lists, in a folder on a volume";
const toBytes = "Set sizer: bytes in the exporter's sending_queue";
const toRoom = "Make queue_size at least the largest of the receiver's limits";
const toFit = "Make the queue_size of the tier's queues smaller, or their volume larger";
const toEndlessRetry =
    "Set enabled: true, max_elapsed_time: 0s and both intervals in the exporter's retry_on_failure, all of them";
const toBatchBytes = "Set sizer: bytes and a max_size in the exporter's sending_queue.batch";
const toBatchRoom = "Make max_size at least the largest of the receiver's limits, or the limits smaller";

/** Who holds a span: nothing that a tier has acknowledged is lost in it. */
export const custodyRules = {
    "custody/lb-keeps-nothing-in-memory": {
        guarantee: "what an lb has acknowledged is never in its memory alone, where a stop or a crash would lose it",
        fix: toMemory,
    },
    "custody/lb-routes-everything": {
        guarantee: "whatever an lb takes in goes to the gateways, and a trace goes to one of them",
        fix: "End every pipeline of the lb in load_balancing exporters; debug and prometheus may stand beside them",
    },
    "custody/lb-routes-every-metric": {
        guarantee: "an lb routes every metric, also one whose resource has no service.name",
        fix: "Set the routing_key of the exporter of metrics to resource",
    },
    "custody/lb-queue-on-disk": {
        guarantee: "what an lb has acknowledged is on a disk that outlives it, until a gateway has answered for it",
        fix: toDisk,
    },
    "custody/lb-queue-in-bytes": {
        guarantee: "an lb's queue is limited by what it takes of the disk, which would lose telemetry if it were full",
        fix: toBytes,
    },
    "custody/lb-queue-holds-a-message": {
        guarantee: "every message that an lb takes in fits into its queue, and is not refused for ever",
        fix: toRoom,
    },
    "custody/lb-queues-fit-their-disk": {
        guarantee: "an lb's queues never fill their disk, which would lose telemetry if it were full",
        fix: toFit,
    },
    "custody/lb-retries-for-ever": {
        guarantee: "an lb sends what it has acknowledged until a gateway takes it, however long that takes",
        fix: toEndlessRetry,
    },
    "custody/lb-batches-in-bytes": {
        guarantee: "an lb's batches never grow larger than the messages that a gateway takes in",
        fix: toBatchBytes,
    },
    "custody/lb-batches-hold-a-message": {
        guarantee: "no span that an lb takes in is dropped for being larger than a batch",
        fix: toBatchRoom,
    },
    "custody/lb-queue-only-on-top": {
        guarantee:
            "what waits for a gateway that leaves the ring is routed again, and not lost with that gateway's queue",
        fix: "Set protocol.otlp.sending_queue.enabled: false; the queue belongs to the load_balancing exporter itself",
    },
    "custody/lb-one-resolver": {
        guarantee: "every lb has one list of gateways, and so the same gateway for a trace",
        fix: "Leave exactly one of static, dns, k8s in the exporter's resolver",
    },
    "custody/gateway-keeps-nothing-in-memory": {
        guarantee: "a gateway owns nothing, and may be killed at any time without a loss",
        fix: toMemory,
    },
    "custody/gateway-is-synchronous": {
        guarantee: "a gateway acknowledges what the external gateway has acknowledged, and nothing before",
        fix: "Set enabled: false in the exporter's sending_queue, or wait_for_result: true without storage",
    },
    "custody/gateway-batches-in-bytes": {
        guarantee: "a gateway's batches never grow larger than the messages that the external gateway takes in",
        fix: toBatchBytes,
    },
    "custody/gateway-batches-hold-a-message": {
        guarantee: "no span that a gateway takes in is dropped for being larger than a batch",
        fix: toBatchRoom,
    },
    "custody/external-gateway-keeps-nothing-in-memory": {
        guarantee: "what the external gateway has acknowledged is never in its memory alone",
        fix: toMemory,
    },
    "custody/external-queue-on-disk": {
        guarantee: "what the external gateway has acknowledged is on a disk that outlives it, until a backend has it",
        fix: toDisk,
    },
    "custody/external-queue-in-bytes": {
        guarantee:
            "a backend's queue is limited by what it takes of the disk, which would lose telemetry if it were full",
        fix: toBytes,
    },
    "custody/external-queue-holds-a-message": {
        guarantee: "every message that the external gateway takes in fits into a backend's queue",
        fix: toRoom,
    },
    "custody/external-queues-fit-their-disk": {
        guarantee: "the backends' queues never fill their disk, which would lose telemetry if it were full",
        fix: toFit,
    },
    "custody/external-retries-for-ever": {
        guarantee:
            "the external gateway sends what it has acknowledged until the backend takes it or refuses it for good",
        fix: toEndlessRetry,
    },
    "custody/external-batches-in-bytes": {
        guarantee: "a backend's batches never grow larger than the messages that it takes in",
        fix: toBatchBytes,
    },
    "custody/external-file-unbuffered": {
        guarantee: "what goes to the local file is written before it is acknowledged",
        fix: "Give the file exporter a rotation, without which it keeps writes in memory",
    },
} as const satisfies Rules;
