import * as grpc from "@grpc/grpc-js";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { gunzipSync } from "node:zlib";
import { tracesMethod } from "../../verify/otlp";
import { bridgeAddress } from "../../bench/rigs/bridge";

const bytes = (buffer: Buffer) => buffer;

/** A backend on Docker's own bridge: it takes everything, and remembers it. */
export class FakeBackend {
    headers: Record<string, unknown> = {};
    private readonly bodies: Buffer[] = [];
    private server: { close(): Promise<void> } | undefined;

    private constructor(
        readonly protocol: "grpc" | "http",
        private readonly address: string,
        private port: number,
    ) {}

    static async start(protocol: "grpc" | "http"): Promise<FakeBackend> {
        const backend = new FakeBackend(protocol, await bridgeAddress(), 0);
        await backend.resume();
        return backend;
    }

    get endpoint(): string {
        return `http://host.docker.internal:${this.port}`;
    }

    /** Whether a span with this id has arrived, in whatever encoding. */
    received(spanId: string): boolean {
        return this.bodies.some((body) => body.includes(Buffer.from(spanId, "hex")));
    }

    async stop(): Promise<void> {
        await this.server?.close();
        this.server = undefined;
    }

    async resume(): Promise<void> {
        await (this.protocol === "grpc" ? this.listenGrpc() : this.listenHttp());
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.stop();
    }

    private async listenGrpc(): Promise<void> {
        const server = new grpc.Server({ "grpc.max_receive_message_length": 32 << 20 });
        const method = { path: tracesMethod, requestStream: false, responseStream: false };
        const coding = {
            requestSerialize: bytes,
            requestDeserialize: bytes,
            responseSerialize: bytes,
            responseDeserialize: bytes,
        };
        server.addService(
            { export: { ...method, ...coding } },
            {
                export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) => {
                    this.take(call.request, call.metadata.getMap());
                    answer(null, Buffer.alloc(0));
                },
            },
        );
        this.port = await new Promise<number>((resolve, reject) =>
            server.bindAsync(`${this.address}:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
                error ? reject(error) : resolve(port),
            ),
        );
        this.server = { close: () => Promise.resolve(server.forceShutdown()) };
    }

    private async listenHttp(): Promise<void> {
        const server: Server = createServer((request, response) => {
            void body(request).then((content) => {
                this.take(
                    request.headers["content-encoding"] === "gzip" ? gunzipSync(content) : content,
                    request.headers,
                );
                response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
            });
        });
        await new Promise<void>((resolve) => server.listen(this.port, this.address, resolve));
        this.port = (server.address() as { port: number }).port;
        this.server = {
            close: () => {
                server.closeAllConnections();
                return new Promise<void>((resolve) => server.close(() => resolve()));
            },
        };
    }

    private take(content: Buffer, headers: Record<string, unknown>): void {
        this.headers = headers;
        this.bodies.push(content);
    }
}

async function body(request: IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
}
