import type { Settings } from "../rigs/rig";

const mib = 2 ** 20;
const grpc = (largestMiB: number) => ({ protocols: { grpc: { max_recv_msg_size_mib: largestMiB } } });
const receiving = (largestMiB: number) => ({ receivers: { otlp: grpc(largestMiB) } });
const batching = { sending_queue: { batch: { max_size: mib } } };

/** Each tier takes the smallest messages that it can be set to, so that a queue of a few MiB has room for one. */
const smallMessages: Settings = {
    loadBalancerOverrides: {
        receivers: { otlp: { protocols: { ...grpc(1).protocols, http: { max_request_body_size: mib } } } },
        exporters: {
            load_balancing: batching,
            "load_balancing/logs": batching,
            "load_balancing/metrics": batching,
        },
    },
    gatewayOverrides: receiving(2),
    externalGatewayOverrides: receiving(3),
};

/** Queues that are full within seconds. */
export const smallestQueues: Settings = { ...smallMessages, loadBalancerQueue: "1Mi", externalGatewayQueue: "3Mi" };

/** The lab sends traces alone, so their queue may hold what all queues of a disk together may: a quarter of it. */
export const queuesOn = (diskMiB: number): Settings => {
    const size = `${Math.floor(diskMiB / 4)}Mi`;
    return { ...smallMessages, loadBalancerQueue: size, externalGatewayQueue: size };
};
