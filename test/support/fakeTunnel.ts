import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

const webSocketKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const dataChannel = 0;
const errorChannel = 1;

/**
 * The API server's end of a port-forward, as a web socket whose frames begin with a channel.
 * @param localPort what stands for the pod's port; undefined where there is no such pod
 */
export function acceptTunnel(request: IncomingMessage, socket: Duplex, localPort: number | undefined): void {
    socket.on("error", () => socket.destroy());
    if (localPort === undefined) return void socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${webSocketKey}`).digest("base64");
    const headers = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Protocol: v4.channel.k8s.io",
        `Sec-WebSocket-Accept: ${accept}`,
    ];
    socket.write(`${headers.join("\r\n")}\r\n\r\n`);

    const port = Buffer.alloc(2);
    port.writeUInt16LE(localPort);
    socket.write(frame(dataChannel, port));
    socket.write(frame(errorChannel, port));
    const pod = connect(localPort, "127.0.0.1");
    pod.on("data", (data) => socket.write(frame(dataChannel, data)));
    pod.on("error", (error) => socket.write(frame(errorChannel, Buffer.from(error.message))));
    pod.on("close", () => socket.end());
    socket.on("close", () => pod.destroy());
    socket.on(
        "data",
        unframed((data) => pod.write(data.subarray(1))),
    );
}

function frame(channel: number, data: Buffer): Buffer {
    const head = Buffer.alloc(10);
    head[0] = 0x82;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(data.length + 1), 2);
    return Buffer.concat([head, Buffer.from([channel]), data]);
}

/** Takes the masked frames of a client apart. */
function unframed(receive: (data: Buffer) => void): (chunk: Buffer) => void {
    let rest = Buffer.alloc(0);
    return (chunk) => {
        rest = Buffer.concat([rest, chunk]);
        for (;;) {
            const short = (rest[1] ?? 0) & 0x7f;
            const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
            const from = 2 + lengthBytes + 4;
            if (rest.length < from) return;
            const length = lengthBytes ? Number(`0x${rest.toString("hex", 2, 2 + lengthBytes)}`) : short;
            if (rest.length < from + length) return;
            const mask = rest.subarray(from - 4, from);
            receive(
                Buffer.from(rest.subarray(from, from + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))),
            );
            rest = rest.subarray(from + length);
        }
    };
}
