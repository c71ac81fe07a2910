import { type Attack, inTurns, turnedAway } from "../attack";
import { gzipOfZeros } from "../payloads/gzip";
import { snappyBlockOf, snappyBlockOfZeros, snappyStreamOf, snappyStreamOfZeros } from "../payloads/snappy";
import { goodRequest } from "../payloads/spans";
import { zstdOf, zstdOfZeros } from "../payloads/zstd";
import { sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";
import { gzipSync } from "node:zlib";

const gibibyte = 2 ** 30;
const mebibyte = 2 ** 20;
const atOnce = 16;
const bombs = 32;

/** By encoding, a gibibyte of zeros, or what of it fits into a message that is let in; built when it is sent. */
const overHttp: Record<string, () => Buffer> = {
    gzip: () => gzipOfZeros(gibibyte),
    zstd: () => zstdOfZeros(gibibyte),
    "snappy, a block": () => snappyBlockOfZeros(64 * mebibyte),
    "snappy, a block that claims 4 GiB": () => snappyBlockOfZeros(mebibyte, 2 ** 32 - 1),
    "snappy, a stream": () => snappyStreamOfZeros(64 * mebibyte),
};
const overGrpc: Record<string, () => Buffer> = {
    gzip: () => gzipOfZeros(gibibyte),
    zstd: () => zstdOfZeros(gibibyte),
    snappy: () => snappyStreamOfZeros(64 * mebibyte),
};
const encodingOf = (name: string) => name.split(",")[0] ?? name;

const http = (name: string, bomb: () => Buffer): Attack => ({
    name: `bomb, HTTP, ${name}`,
    sends: `${bombs}, ${atOnce} at once`,
    allows: turnedAway,
    run: ({ target }) => {
        const request = { body: bomb(), headers: { "content-encoding": encodingOf(name) } };
        const one = () => sendHttp(target, request);
        return inTurns(Array<typeof one>(bombs).fill(one), atOnce);
    },
});

const grpc = (name: string, bomb: () => Buffer): Attack => ({
    name: `bomb, gRPC, ${name}`,
    sends: `${bombs}, ${atOnce} at once`,
    allows: turnedAway,
    run: ({ target }) => {
        const request = { message: bomb(), encoding: name };
        const one = () => sendGrpc(target, request);
        return inTurns(Array<typeof one>(bombs).fill(one), atOnce);
    },
});

/** Whoever refuses everything would refuse bombs too. */
const harmless: Attack = {
    name: "no bomb: a good request in each encoding",
    sends: "each once",
    allows: ["accepted"],
    run: ({ target, place }) => {
        const encoded: [string, (content: Buffer) => Buffer][] = [
            ["gzip", gzipSync],
            ["zstd", zstdOf],
            ["snappy", snappyBlockOf],
            ["snappy", snappyStreamOf],
        ];
        const [, , block] = encoded;
        return inTurns(
            [
                ...encoded.map(([name, encode]) => () => {
                    const body = encode(goodRequest(place));
                    return sendHttp(target, { body, headers: { "content-encoding": name } });
                }),
                ...encoded
                    .filter((one) => one !== block)
                    .map(([encoding, encode]) => () => {
                        return sendGrpc(target, { message: encode(goodRequest(place)), encoding });
                    }),
            ],
            1,
        );
    },
};

export const bombsAndNone: Attack[] = [
    harmless,
    ...Object.entries(overHttp).map(([name, bomb]) => http(name, bomb)),
    ...Object.entries(overGrpc).map(([name, bomb]) => grpc(name, bomb)),
];
