import { type Attack, inTurns, turnedAway } from "../attack";
import { goodRequest } from "../payloads/spans";
import { framed, type GrpcRequest, sendGrpc } from "../wire/grpc";
import { type HttpRequest, sendHttp } from "../wire/http";
import { http2Only, RawConnection } from "../wire/socket";

const types = [
    "text/plain",
    "text/html",
    "application/xml",
    "application/grpc",
    "application/octet-stream",
    "multipart/form-data; boundary=x",
    "application/x-protobuf-ish",
    "*/*",
    "",
];
const waitMs = 5_000;

const wrongHttp = (body: Buffer): HttpRequest[] => [
    ...types.map((type) => ({ body, headers: { "content-type": type } })),
    { body, headers: { "content-type": undefined } },
    { body, headers: { "content-encoding": "br" } },
    { body, headers: { "content-encoding": "gzip" } }, // which it is not
    { body, headers: { "content-encoding": "zstd" } },
    { body, headers: { "content-encoding": "snappy" } },
    { body, headers: { "content-encoding": "gzip, gzip" } },
    ...["PUT", "DELETE", "PATCH", "TRACE"].map((method) => ({ body, method })),
    { method: "GET" },
    ...["/", "/v1/nothing", "/v1/traces/../../etc/passwd", "/debug/pprof/heap", "/metrics"].map((path) => ({
        body,
        path,
    })),
];

const wrongGrpc = (message: Buffer): GrpcRequest[] => [
    { message, path: "/opentelemetry.proto.collector.trace.v1.TraceService/Nothing" },
    { message, path: "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" },
    { message, path: "nowhere" },
    { message, headers: { ":method": "GET" } },
    ...["application/json", "text/plain", "application/grpc-web"].map((type) => ({
        message,
        headers: { "content-type": type },
    })),
    { message, encoding: "lzma" },
    ...["gzip", "zstd", "snappy"].map((encoding) => ({ message, encoding })), // which it is not
    { body: framed(message, true) }, // compressed, without a word on how
    { body: framed(message, false, message.length + 1) }, // shorter than it says
    { body: framed(message, false, 0xffffffff) },
    { body: Buffer.alloc(3) },
    { message, headers: { "grpc-timeout": "never" } },
];

export const protocol: Attack[] = [
    {
        name: "wrong content types, encodings, methods and paths, HTTP",
        sends: "each once",
        allows: turnedAway,
        run: ({ target, place }) =>
            inTurns(
                wrongHttp(goodRequest(place)).map((request) => () => sendHttp(target, request)),
                4,
            ),
    },
    {
        name: "wrong methods, content types, encodings and lengths, gRPC",
        sends: "each once",
        allows: turnedAway,
        run: ({ target, place }) =>
            inTurns(
                wrongGrpc(goodRequest(place)).map((request) => () => sendGrpc(target, request)),
                4,
            ),
    },
    {
        name: "another protocol on each port",
        sends: "HTTP/1.1 to gRPC, garbage to both, HTTP smuggled in HTTP",
        allows: turnedAway,
        run: ({ target, place }) => {
            const body = goodRequest(place);
            const post = (headers: string) =>
                Buffer.concat([Buffer.from(`POST /v1/traces HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`), body]);
            const type = "Content-Type: application/x-protobuf";
            const lengths = `${type}\r\nContent-Length: ${body.length}`;
            const said: [string, Buffer][] = [
                [target.grpc, post(lengths)],
                [target.grpc, Buffer.alloc(1 << 16, 0xff)],
                [target.http, Buffer.concat([Buffer.alloc(1 << 16, 0xff), Buffer.from("\r\n\r\n")])],
                [target.http, post(`${lengths}\r\nContent-Length: 5`)],
                [target.http, post(`${type}\r\nTransfer-Encoding: nonsense`)],
                [target.http, post(`${type}\r\nContent-Length: -1`)],
                [target.http, post(`${type}\r\nTransfer-Encoding: chunked`)], // what follows is no chunk
            ];
            const talk = async (endpoint: string, bytes: Buffer) => {
                const connection = await RawConnection.open(
                    endpoint,
                    target.access,
                    endpoint === target.grpc ? http2Only : {},
                );
                await connection.write(bytes);
                const ended = await connection.end(waitMs);
                connection.destroy();
                const status = /^HTTP\/1\.1 (\d+)/.exec(connection.said.toString("latin1"))?.[1];
                if (status === undefined) return ended;
                return {
                    taken: Number(status) < 300 ? ("accepted" as const) : ("refused" as const),
                    said: `HTTP ${status}`,
                };
            };
            return inTurns(
                said.map(
                    ([endpoint, bytes]) =>
                        () =>
                            talk(endpoint, bytes),
                ),
                4,
            );
        },
    },
];
