import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { authorization } from "../../../verify/access";
import type { Answer, Target } from "../attack";
import { failure } from "./failure";

const answerMs = 15_000;

export interface HttpRequest {
    method?: string;
    path?: string;
    /** Laid over the usual ones; undefined takes one away. */
    headers?: Record<string, string | undefined>;
    body?: Buffer | string;
}

/** One request on a connection of its own. */
export function sendHttp({ http, access }: Target, { body = "", ...asked }: HttpRequest): Promise<Answer> {
    const { protocol, hostname, port } = new URL(http);
    const given = { "content-type": "application/x-protobuf", ...authorization(access), ...asked.headers };
    const headers = Object.entries(given).filter(([, value]) => value !== undefined);
    const options = {
        hostname,
        port,
        method: asked.method ?? "POST",
        path: asked.path ?? "/v1/traces",
        headers: Object.fromEntries(headers) as Record<string, string>,
        agent: false as const,
        signal: AbortSignal.timeout(answerMs),
        ca: access.authority,
        servername: access.serverName,
    };
    return new Promise((resolve) => {
        const outgoing = (protocol === "https:" ? tlsRequest : plainRequest)(options, (incoming) => {
            const status = incoming.statusCode ?? 0;
            resolve({ taken: status < 300 ? "accepted" : "refused", said: `HTTP ${status}` });
            incoming.on("error", () => undefined); // it may hang up on the rest of a body that it has refused
            incoming.resume();
        });
        outgoing.on("error", (error) => resolve(failure(error)));
        outgoing.end(body);
    });
}
