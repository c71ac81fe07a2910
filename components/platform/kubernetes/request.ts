import type { Configuration, KubeConfig } from "@kubernetes/client-node";
import { InvalidInput } from "../../errors";
import { oneLine } from "../lastWords";
import type { Library } from "./kubeconfig";

/** How long the API server has for an answer, in milliseconds. */
export const deadlineMs = 10_000;

/** The API server is not there, or cannot answer now: another try may succeed. */
export class NoAnswer extends InvalidInput {}

/** The user of the context may not do this. */
export class NotAllowed extends InvalidInput {}

/** An API server, as the errors name it. */
export interface ApiServer {
    context: string;
    address: string;
}

/** What is asked, in the words of a Role. */
export interface Question {
    verb: "get" | "list" | "patch" | "delete" | "create";
    /** As in "pods" or "pods/log". */
    resource: string;
    /** Absent where the resource belongs to no namespace. */
    namespace?: string;
}

/**
 * What every request has in common: where it goes, as whom, and until when.
 * @param seen gets what the API server's clock says at each answer
 */
export function requestConfiguration(library: Library, config: KubeConfig, seen: (date: Date) => void): Configuration {
    return library.createConfiguration({
        baseServer: new library.ServerConfiguration(config.getCurrentCluster()?.server ?? "", {}),
        authMethods: { default: config },
        promiseMiddleware: [
            {
                pre: (request) => {
                    request.setSignal(AbortSignal.timeout(deadlineMs));
                    return Promise.resolve(request);
                },
                post: (response) => {
                    if (response.headers.date) seen(new Date(response.headers.date));
                    return Promise.resolve(response);
                },
            },
        ],
    });
}

/**
 * Asks the API server one thing.
 * @returns undefined where there is no such thing
 * @throws NoAnswer, NotAllowed; InvalidInput for anything else that the server refuses
 */
export async function answer<T>(
    server: ApiServer,
    question: Question,
    request: () => Promise<T>,
): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    // Whatever obtains the user's credentials, which may be another program, has no deadline of its own.
    const expired = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new NotReached(`no answer within ${deadlineMs / 1_000} s`)), deadlineMs);
    });
    try {
        return await Promise.race([request(), expired]);
    } catch (error) {
        if (codeOf(error) === 404) return undefined;
        throw refusal(server, question, error);
    } finally {
        clearTimeout(timer);
    }
}

/** Any failure of a request as the one sentence that a person needs. */
export function refusal({ context, address }: ApiServer, question: Question, error: unknown): InvalidInput {
    const code = codeOf(error);
    const reason = reasonOf(error);
    if (code === 401 || (code === 403 && reason.includes("system:anonymous"))) {
        return new InvalidInput(
            `Kubernetes at ${address} does not let the user of the context ${context} in (${reason}): log in again, or correct that user in the kubeconfig`,
        );
    }
    if (/certificate/i.test(reason) && code === undefined) {
        return new InvalidInput(
            `the certificate of Kubernetes at ${address} is not one that the context ${context} trusts (${reason}): correct its cluster in the kubeconfig`,
        );
    }
    const { verb, resource, namespace } = question;
    const where = namespace ? ` in the namespace ${namespace}` : "";
    if (code === 403) {
        return new NotAllowed(
            `the user of the context ${context} may not ${verb} ${resource}${where}: ask for a role that allows the verb ${verb} on ${resource} there`,
        );
    }
    if (code !== undefined && code >= 400 && code < 500 && code !== 408 && code !== 429) {
        return new InvalidInput(`Kubernetes at ${address} refuses to ${verb} ${resource}${where}: ${reason}`);
    }
    if (code === undefined && !isNetwork(error)) {
        return new NoAnswer(
            `the user of the context ${context} has no credentials for Kubernetes at ${address} (${reason}): log in again, or correct that user in the kubeconfig`,
        );
    }
    return new NoAnswer(
        `Kubernetes does not answer at ${address} (context ${context}: ${reason}): start that cluster, or set context to one that runs`,
    );
}

/** The HTTP status of an answer that is an error; undefined where there was no answer. */
function codeOf(error: unknown): number | undefined {
    const { code } = error as { code?: unknown };
    return typeof code === "number" ? code : undefined;
}

/** The network, or a deadline, kept a request from its answer. */
export class NotReached extends Error {}

/** Whether it was the request that failed; otherwise it was what had to obtain the user's credentials. */
function isNetwork(error: unknown): boolean {
    return error instanceof NotReached || ["FetchError", "AbortError"].includes((error as Error).name);
}

/** The server's own message, or what kept the request from reaching it; the client library buries both. */
function reasonOf(error: unknown): string {
    const { code, body, message } = error as { code?: unknown; body?: unknown; message?: string };
    const reason =
        typeof code === "number"
            ? (statusMessage(body) ?? (code === 401 ? "Unauthorized" : `HTTP ${code}`))
            : message?.replace(/^request to .* failed, reason: ?/, "") || (code as string | undefined) || "no reason";
    return oneLine(reason);
}

function statusMessage(body: unknown): string | undefined {
    try {
        const { message } = (typeof body === "string" ? JSON.parse(body) : body) as { message?: string };
        return message || undefined;
    } catch {
        return typeof body === "string" && body.trim() ? body : undefined;
    }
}

/** Who may not ask everything can still do the rest. */
export async function ifAllowed<T>(asked: Promise<T>, otherwise: T): Promise<T> {
    try {
        return await asked;
    } catch (error) {
        if (error instanceof NotAllowed) return otherwise;
        throw error;
    }
}
