import { connect, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { Access } from "../../../verify/access";
import type { Answer } from "../attack";
import { failure } from "./failure";

/** What gRPC servers ask for before they listen to anything else. */
export const http2Only: ConnectionOptions = { ALPNProtocols: ["h2"] };

const mostKept = 1 << 16;

/** A bare connection, to which anything can be written. */
export class RawConnection {
    /** The first bytes that the other end said. */
    said = Buffer.alloc(0);
    private error: Error | undefined;
    private isOver = false;
    private readonly over: Promise<void>;

    private constructor(private readonly socket: Socket) {
        socket.on("data", (data: Buffer) => {
            if (this.said.length < mostKept) this.said = Buffer.concat([this.said, data]);
        });
        socket.on("error", (error) => (this.error = error));
        socket.once("end", () => socket.destroy());
        this.over = new Promise((resolve) => {
            socket.once("close", () => {
                this.isOver = true;
                resolve();
            });
        });
    }

    /**
     * @param endpoint "address:port", or an URL with both
     * @param access with an authority, over TLS
     * @param tls laid over what that means
     */
    static async open(endpoint: string, access: Access, tls: ConnectionOptions = {}): Promise<RawConnection> {
        const { hostname: host, port } = new URL(endpoint.includes("://") ? endpoint : `tcp://${endpoint}`);
        const place = { host, port: Number(port) };
        const { authority: ca, serverName: servername } = access;
        const socket = ca ? connectTls({ ...place, ca, servername, ...tls }) : connect(place);
        const connection = new RawConnection(socket);
        const opened = new Promise<void>((resolve) => socket.once(ca ? "secureConnect" : "connect", () => resolve()));
        await Promise.race([opened, connection.over]);
        return connection;
    }

    get isOpen(): boolean {
        return !this.isOver;
    }

    /** Resolves when the bytes have left, or the connection has. */
    async write(bytes: Buffer | string): Promise<void> {
        if (this.isOver) return;
        const left = new Promise<void>((resolve) => void this.socket.write(bytes, () => resolve()));
        await Promise.race([left, this.over]);
    }

    /** Waits until the other end hangs up, but no longer than said. */
    async end(withinMs: number): Promise<Answer> {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
        await Promise.race([this.over, late]);
        clearTimeout(timer);
        if (!this.isOver) return { taken: "unanswered", said: "left open" };
        return this.error ? failure(this.error) : { taken: "closed", said: "closed" };
    }

    destroy(): void {
        this.socket.destroy();
    }
}
