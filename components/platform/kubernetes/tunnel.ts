import type { KubeConfig } from "@kubernetes/client-node";
import type { WebSocketHandler } from "@kubernetes/client-node/dist/web-socket-handler.js";
import { type Duplex, Writable } from "node:stream";
import { deadlineMs, NotReached } from "./request";

/** What this needs of the client library's web socket. */
interface WebSocket {
    send(data: Buffer, sent: (error?: Error) => void): void;
    pause(): void;
    resume(): void;
    terminate(): void;
    once(event: "close", listener: () => void): void;
}

/** A pod's port has two channels: what goes to and from it, and why that failed. */
const dataChannel = 0;
/** Each channel begins with the port's number. */
const headBytes = 2;

/**
 * Joins a connection with a port of a pod. From then on the end of either is the end of the other.
 * @param path of the pod's `portforward` resource, with the port
 * @returns when the API server has opened the tunnel; whether the pod listens shows later
 * @throws NotReached, or an Error with the HTTP status as its `code`, when the API server does not open it
 */
export async function openTunnel(
    config: KubeConfig,
    Handler: typeof WebSocketHandler,
    path: string,
    socket: Duplex,
): Promise<void> {
    const begun = new Set<number>();
    let tunnel: WebSocket | undefined = undefined as WebSocket | undefined;
    const receive = (channel: number, bytes: Buffer) => {
        const data = begun.has(channel) ? bytes : bytes.subarray(headBytes);
        begun.add(channel);
        if (data.length === 0) return true;
        if (channel !== dataChannel) return false;
        if (!socket.destroyed && !socket.write(data)) {
            tunnel?.pause();
            socket.once("drain", () => tunnel?.resume());
        }
        return true;
    };
    const opened = await connected(new Handler(withHandshakeDeadline(config)).connect(path, null, receive));
    tunnel = opened;
    opened.once("close", () => socket.end(() => socket.destroy()));
    if (socket.destroyed) return opened.terminate();
    socket.once("close", () => opened.terminate());
    socket.on("error", () => opened.terminate());
    socket.pipe(toPod(opened));
}

/** The library rejects with the event of a web socket, which is no Error. */
async function connected(connecting: Promise<unknown>): Promise<WebSocket> {
    try {
        return (await connecting) as WebSocket;
    } catch (event) {
        if (event instanceof Error) throw event;
        const { message = "", error } = event as { message?: string; error?: { code?: string } };
        const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
        if (status) throw Object.assign(new Error(message), { code: Number(status) });
        throw new NotReached(message || error?.code);
    }
}

function toPod(tunnel: WebSocket): Writable {
    const channel = Buffer.from([dataChannel]);
    const writable = new Writable({
        write: (chunk: Buffer, _, sent) => tunnel.send(Buffer.concat([channel, chunk]), sent),
        final: (done) => {
            // Half of a connection cannot be closed here.
            tunnel.terminate();
            done();
        },
    });
    return writable.on("error", () => tunnel.terminate());
}

function withHandshakeDeadline(config: KubeConfig): KubeConfig {
    const patient = Object.create(config) as KubeConfig;
    patient.applyToHTTPSOptions = async (options) => {
        await config.applyToHTTPSOptions(options);
        Object.assign(options, { handshakeTimeout: deadlineMs });
    };
    return patient;
}
