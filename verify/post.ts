import { Agent as PlainAgent, type IncomingMessage, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { type Access, authorization } from "./access";

export interface Answer {
    status: number;
    body: Buffer;
}

/** Connections to one HTTP server that stay open between requests. */
export interface Poster {
    post(path: string, contentType: string, body: Uint8Array | string): Promise<Answer>;
    close(): void;
}

/** @param endpoint "http://address:port", or "https://address:port" with the authority of `access` */
export function poster(endpoint: string, access: Access, withinMs: number): Poster {
    const { protocol, hostname, port } = new URL(endpoint);
    const isTls = protocol === "https:";
    const { authority: ca, serverName: servername } = access;
    const agent = isTls ? new TlsAgent({ keepAlive: true, ca, servername }) : new PlainAgent({ keepAlive: true });
    const send = isTls ? tlsRequest : plainRequest;
    return {
        post: (path, contentType, body) =>
            new Promise((resolve, reject) => {
                const headers = { ...authorization(access), "content-type": contentType };
                const options = { hostname, port, path, method: "POST", agent, headers };
                const outgoing = send({ ...options, signal: AbortSignal.timeout(withinMs) }, (incoming) => {
                    answerOf(incoming).then(resolve, reject);
                });
                outgoing.on("error", reject);
                outgoing.end(body);
            }),
        close: () => agent.destroy(),
    };
}

async function answerOf(incoming: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    return { status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) };
}
