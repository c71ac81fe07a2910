import type { Rules } from "./rule";

/** How tiers fit together: what one has acknowledged, the next does not refuse for good. */
export const topologyRules = {
    "topology/limits-grow": {
        guarantee: "a message that one tier has taken in is never too large for the next",
        fix: "Give each next tier a larger receivers.otlp.protocols.grpc.max_recv_msg_size_mib than the one before",
    },
    "topology/batches-fit": {
        guarantee: "a batch that one tier has made is never too large for the next",
        fix: "Make the exporter's sending_queue.batch.max_size smaller than the next tier's max_recv_msg_size_mib",
    },
    "topology/backend-batches-hold-a-message": {
        guarantee: "no span that an lb takes in is dropped for being larger than a batch for a backend",
        fix: "Make the external gateway's batch.max_size at least the largest of the lb's limits, or those smaller",
    },
    "topology/signals-go-through": {
        guarantee: "every signal that the lb takes in is taken by every tier after it",
        fix: "Give the tier a pipeline for the signal that delivers it, or take the signal out of the tiers before",
    },
    "topology/deadlines-shrink": {
        guarantee: "nobody gives up on a tier that is still at work, and sends it the same again",
        fix: "Make the lb's timeout for one gateway longer than the gateway's worst case, and its own the longest",
    },
} as const satisfies Rules;
