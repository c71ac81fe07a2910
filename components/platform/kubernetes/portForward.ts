import type { V1Pod } from "@kubernetes/client-node";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { KubernetesCluster } from "./cluster";
import { isReady, nameOf } from "./objects";

/** A port of this machine that leads to pods. */
export interface ForwardedPort {
    /** As in "127.0.0.1:54321". */
    address: string;
    /** Why the latest connection could not be made; undefined once one could. */
    failure(): string | undefined;
    /** Ends the port and every connection through it. */
    close(): Promise<void>;
}

/**
 * A port on 127.0.0.1 whose every new connection goes through the API server to a pod: to the ready ones in turn, or
 * to the one that is named. Where none can be reached, the connection is closed, and its client may try again.
 * @param target a label selector, or the name of one pod, which then need not be ready
 * @param port of the pods
 */
export async function forwardPort(
    cluster: KubernetesCluster,
    target: string | { pod: string },
    port: number,
): Promise<ForwardedPort> {
    const pods = typeof target === "string" ? readyPods(cluster, target) : () => Promise.resolve([target.pod]);
    const sockets = new Set<Socket>();
    let failure: string | undefined;

    const forward = async (socket: Socket): Promise<void> => {
        failure = await connect(cluster, await pods(), port, socket);
        if (failure !== undefined) socket.destroy();
    };
    const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
        sockets.add(socket);
        // Whatever ends a connection, its client sees the end and decides.
        socket.on("error", () => socket.destroy());
        socket.once("close", () => sockets.delete(socket));
        forward(socket).catch((error: Error) => {
            failure = error.message;
            socket.destroy();
        });
    });
    server.on("error", (error) => (failure = error.message));
    const address = await listening(server);
    return {
        address,
        failure: () => failure,
        close: () =>
            new Promise((resolve) => {
                server.close(() => resolve());
                for (const socket of sockets) socket.destroy();
            }),
    };
}

/** @returns why no pod could be reached; undefined when one was */
async function connect(
    cluster: KubernetesCluster,
    pods: string[],
    port: number,
    socket: Socket,
): Promise<string | undefined> {
    let failure = "no pod is ready";
    for (const pod of pods) {
        try {
            await cluster.portForward(pod, port, socket);
            return undefined;
        } catch (error) {
            failure = (error as Error).message;
        }
    }
    return failure;
}

const listKeptMs = 1_000;

/** @returns the ready pods, each time beginning with the next one */
function readyPods(cluster: KubernetesCluster, labelSelector: string): () => Promise<string[]> {
    let listed = { at: -Infinity, names: Promise.resolve<string[]>([]) };
    let turn = 0;
    return async () => {
        if (Date.now() - listed.at > listKeptMs) {
            listed = {
                at: Date.now(),
                names: cluster.pods(labelSelector).then((pods) => pods.filter(takesConnections).map(nameOf)),
            };
        }
        const names = await listed.names;
        const first = turn++ % Math.max(names.length, 1);
        return [...names.slice(first), ...names.slice(0, first)];
    };
}

const takesConnections = (pod: V1Pod): boolean => !pod.metadata?.deletionTimestamp && isReady(pod);

function listening(server: Server): Promise<string> {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            server.off("error", reject);
            resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`);
        });
    });
}
