import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { KubernetesCluster } from "../../components/platform/kubernetes/cluster";
import { acceptTunnel } from "./fakeTunnel";

/** An answer that is an error, as the API server puts it. */
export class Failure {
    constructor(
        readonly code: number,
        readonly message: string,
    ) {}
}

/** JSON, text or an error; undefined is 404, and "silence" no answer at all. */
type Reply = object | string | undefined;
interface FakeEvent {
    type: string;
    involvedObject: { name?: string };
}

/** An API server with canned answers, for the real client library. */
export class FakeApiServer {
    /** Every request so far, as in "GET pods". */
    readonly asked: string[] = [];
    /** Local ports that stand for pods, by the name of the pod. */
    readonly tunnels = new Map<string, number>();
    readonly kubeconfig: string;
    /** How far its clock is ahead of this machine's. */
    aheadMs = 0;
    private readonly answers = new Map<string, () => Reply>();
    private readonly directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));

    private constructor(
        private readonly server: Server,
        readonly address: string,
    ) {
        this.kubeconfig = this.writeKubeconfig("config", { contexts: ["fake"] });
        server.on("request", (request, response) => this.answer(request, response));
        server.on("upgrade", (request, socket: Duplex) => {
            const pod = /\/pods\/([^/]+)\/portforward/.exec(request.url ?? "")?.[1] ?? "";
            acceptTunnel(request, socket, this.tunnels.get(pod));
        });
    }

    static async start(): Promise<FakeApiServer> {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new FakeApiServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }

    /** @param resource of the namespace "telemetry", as in "pods" or "statefulsets/gw"; or a whole path, as in "/version" */
    on(resource: string, reply: Reply | (() => Reply)): this {
        this.answers.set(resource, typeof reply === "function" ? (reply as () => Reply) : () => reply);
        return this;
    }

    list(resource: string, items: () => object[]): this {
        return this.on(resource, () => ({ items: items() }));
    }

    writeKubeconfig(
        name: string,
        { contexts, server = this.address }: { contexts: string[]; server?: string },
    ): string {
        const file = join(this.directory, name);
        const clusters = [{ name: "fake", cluster: { server } }];
        const users = [{ name: "fake", user: { token: "secret" } }];
        const entries = contexts.map((context) => ({ name: context, context: { cluster: "fake", user: "fake" } }));
        writeFileSync(file, JSON.stringify({ clusters, users, contexts: entries }));
        return file;
    }

    cluster(): Promise<KubernetesCluster> {
        return KubernetesCluster.open({ context: "fake", namespace: "telemetry", kubeconfig: this.kubeconfig });
    }

    async close(): Promise<void> {
        rmSync(this.directory, { recursive: true });
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }

    private answer(request: IncomingMessage, response: ServerResponse): void {
        const url = new URL(request.url ?? "", this.address);
        const resource = url.pathname.replace(/^.*\/namespaces\/telemetry\//, "");
        this.asked.push(`${request.method} ${resource}`);
        response.setHeader("date", new Date(Date.now() + this.aheadMs).toUTCString());
        const reply = this.answers.get(resource)?.();
        if (reply === "silence") return;
        if (typeof reply === "string") return void response.setHeader("content-type", "text/plain").end(reply);
        const failure = reply === undefined ? new Failure(404, `${resource} not found`) : reply;
        response.statusCode = failure instanceof Failure ? failure.code : 200;
        response.setHeader("content-type", "application/json").end(JSON.stringify(selected(failure, url)));
    }
}

/** Of events those that a field selector wants. */
function selected(reply: object, { searchParams }: URL): object {
    const [field, value] = searchParams.get("fieldSelector")?.split("=") ?? [];
    if (!field || !("items" in reply)) return reply;
    const events = reply.items as FakeEvent[];
    return { items: events.filter((event) => (field === "type" ? event.type : event.involvedObject.name) === value) };
}
