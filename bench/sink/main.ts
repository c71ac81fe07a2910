// The sink's process: `main.ts ADDRESS`.
import * as grpc from "@grpc/grpc-js";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";
import { tracesMethod } from "../../verify/otlp";
import { sayLast } from "../process";
import { Arrivals } from "./arrivals";
import type { SinkAnswer, SinkMode, SinkRequest } from "./sink";
import { eachSpan } from "./spans";

const mostBytes = 64 << 20;
const same = (bytes: Buffer) => bytes;

class SinkServer {
    readonly arrivals = new Arrivals();
    readonly ports = { grpc: 0, http: 0 };
    private mode: SinkMode = "take";
    private grpcServer: grpc.Server | undefined;
    private httpServer: Server | undefined;

    constructor(private readonly address: string) {}

    async listen(): Promise<void> {
        [this.ports.grpc, this.ports.http] = await Promise.all([this.listenGrpc(), this.listenHttp()]);
    }

    async change(mode: SinkMode): Promise<void> {
        const listened = this.mode !== "refuse";
        this.mode = mode;
        if (mode === "refuse" && listened) await this.close();
        if (mode !== "refuse" && !listened) await this.listen();
    }

    async close(): Promise<void> {
        this.grpcServer?.forceShutdown();
        this.httpServer?.closeAllConnections();
        await new Promise((resolve) => this.httpServer?.close(resolve));
    }

    private listenGrpc(): Promise<number> {
        const server = new grpc.Server({ "grpc.max_receive_message_length": mostBytes });
        const coding = {
            requestSerialize: same,
            requestDeserialize: same,
            responseSerialize: same,
            responseDeserialize: same,
        };
        const method = { path: tracesMethod, requestStream: false, responseStream: false, ...coding };
        server.addService(
            { export: method },
            {
                export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) => {
                    if (this.mode === "hang") return;
                    if (this.mode === "error") return answer({ code: grpc.status.UNAVAILABLE, details: "told to" });
                    this.take(call.request);
                    answer(null, Buffer.alloc(0));
                },
            },
        );
        this.grpcServer = server;
        return new Promise((resolve, reject) =>
            server.bindAsync(
                `${this.address}:${this.ports.grpc}`,
                grpc.ServerCredentials.createInsecure(),
                (error, port) => (error ? reject(error) : resolve(port)),
            ),
        );
    }

    private listenHttp(): Promise<number> {
        const server = createServer((request, response) => void this.answerHttp(request, response));
        this.httpServer = server;
        return new Promise((resolve) =>
            server.listen(this.ports.http, this.address, () => resolve((server.address() as { port: number }).port)),
        );
    }

    private async answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        if (this.mode === "hang") return;
        if (this.mode === "error") return void response.writeHead(503).end();
        const body = Buffer.concat(chunks);
        this.take(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
        response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    }

    private take(body: Buffer): void {
        const at = performance.timeOrigin + performance.now();
        eachSpan(body, (traceId, spanId, gateway) => this.arrivals.add(body, traceId, spanId, gateway, at));
    }
}

async function main([address = "127.0.0.1"]: string[]): Promise<void> {
    const sink = new SinkServer(address);
    await sink.listen();
    const answerTo = ({ type }: SinkRequest): SinkAnswer => {
        const { count, gateways } = sink.arrivals;
        return { type, count, gateways };
    };
    process.on("disconnect", () => process.exit(1));
    process.on("message", (request: SinkRequest) => void handle(request));
    const handle = async (request: SinkRequest) => {
        if (request.type === "mode") await sink.change(request.mode);
        if (request.type === "forget") sink.arrivals.forget();
        if (request.type === "save") sink.arrivals.save(request.file);
        if (request.type === "close") await sink.close();
        if (request.type === "close") sayLast(answerTo(request));
        else process.send?.(answerTo(request));
    };
    process.send?.({ type: "ready", ports: sink.ports });
}

void main(process.argv.slice(2));
