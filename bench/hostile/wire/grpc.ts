import { status } from "@grpc/grpc-js";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { type Access, authorization } from "../../../verify/access";
import { tracesMethod } from "../../../verify/otlp";
import type { Answer, Target } from "../attack";
import { failure } from "./failure";
import { headerBlock } from "./frames";

const answerMs = 15_000;
/** MiB: as much as a test sends in one call. */
const maxSessionMemory = 64;

export interface GrpcRequest {
    path?: string;
    /** Laid over the usual ones. */
    headers?: Record<string, string>;
    message?: Buffer;
    /** The compression of the message, as its header says it. */
    encoding?: string;
    /** All bytes of the body, in the place of a message with its prefix. */
    body?: Buffer;
}

/** Calls on one connection, each answered by itself; no gRPC library would send some of them. */
export class GrpcConnection {
    private readonly session: ClientHttp2Session;
    private broken: Error | undefined;

    constructor(private readonly target: Target) {
        const { authority: ca, serverName: servername } = target.access;
        this.session = connect(`${ca ? "https" : "http"}://${target.grpc}`, { ca, servername, maxSessionMemory });
        this.session.on("error", (error: Error) => (this.broken = error));
    }

    send({ path = tracesMethod, headers, message, encoding, body }: GrpcRequest): Promise<Answer> {
        if (this.session.closed || this.session.destroyed) return Promise.resolve(failure(this.broken ?? new Error()));
        const call = this.session.request({
            ":method": "POST",
            ":path": path,
            "content-type": "application/grpc",
            te: "trailers",
            ...(encoding && { "grpc-encoding": encoding }),
            ...authorization(this.target.access),
            ...headers,
        });
        const answer = new Promise<Answer>((resolve) => {
            const listen = (heads: IncomingHttpHeaders) => {
                const answer = answerIn(heads);
                if (answer) resolve(answer);
            };
            call.on("response", listen);
            call.on("trailers", listen);
            call.on("error", (error: Error) => resolve(failure(this.broken ?? error)));
            call.on("close", () => resolve({ taken: "closed", said: "closed" }));
            const late = setTimeout(() => resolve({ taken: "unanswered", said: "no answer" }), answerMs);
            call.on("close", () => clearTimeout(late));
            call.resume();
            call.end(body ?? framed(message ?? Buffer.alloc(0), encoding !== undefined));
        });
        return answer.finally(() => call.close()); // what is left of its body would hold up the others
    }

    close(): void {
        this.session.destroy();
    }
}

/** One call on a connection of its own. */
export async function sendGrpc(target: Target, request: GrpcRequest): Promise<Answer> {
    const connection = new GrpcConnection(target);
    const answer = await connection.send(request);
    connection.close();
    return answer;
}

/** A message with its prefix: whether it is compressed, and its length. @param length where it is to be another */
export function framed(message: Buffer, isCompressed = false, length = message.length): Buffer {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(Number(isCompressed));
    prefix.writeUInt32BE(length, 1);
    return Buffer.concat([prefix, message]);
}

/** Undefined until there is a status. */
function answerIn(headers: IncomingHttpHeaders): Answer | undefined {
    const code = headers["grpc-status"];
    if (code !== undefined) {
        return { taken: code === "0" ? "accepted" : "refused", said: `gRPC ${status[Number(code)] ?? String(code)}` };
    }
    const http = Number(headers[":status"] ?? 200);
    return http === 200 ? undefined : { taken: "refused", said: `HTTP ${http}` };
}

/** The headers that a call of somebody with this access begins with, as HTTP/2 has them. */
export function callHeaders(access: Access, more: Record<string, string> = {}): Buffer {
    return headerBlock({
        ":method": "POST",
        ":scheme": access.authority ? "https" : "http",
        ":path": tracesMethod,
        ":authority": "x",
        "content-type": "application/grpc",
        te: "trailers",
        ...authorization(access),
        ...more,
    });
}
