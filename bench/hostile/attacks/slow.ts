import { setTimeout as delay } from "node:timers/promises";
import type { Attack, Answer, Target } from "../attack";
import { authorization } from "../../../verify/access";
import { flags, frame, preface, settings } from "../wire/frames";
import { callHeaders, framed } from "../wire/grpc";
import { http2Only, RawConnection } from "../wire/socket";

const connections = 100;
const everyMs = 1_000;
/** Longer than any time limit of the lb's over HTTP. */
const patienceMs = 25_000;

const headers = (target: Target, more: string) =>
    `POST /v1/traces HTTP/1.1\r\nHost: x\r\n${Object.entries(authorization(target.access))
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join("")}Content-Type: application/x-protobuf\r\n${more}`;

/** Begins on many connections, and goes on by a little each second until the other end has had enough, or the time is over. */
async function dribble(
    endpoint: string,
    target: Target,
    begin: Buffer | string,
    more: Buffer | string,
): Promise<Answer[]> {
    const one = async () => {
        const connection = await RawConnection.open(endpoint, target.access, endpoint === target.grpc ? http2Only : {});
        const until = Date.now() + patienceMs;
        await connection.write(begin);
        while (connection.isOpen && Date.now() < until) {
            await delay(everyMs);
            if (more.length > 0) await connection.write(more);
        }
        const ended = await connection.end(0);
        connection.destroy();
        return ended.taken === "unanswered" ? ended : timedOut;
    };
    return Promise.all(Array.from({ length: connections }, one));
}

const timedOut: Answer = { taken: "closed", said: "closed in time" };

/** A call that says it has a MiB, as far as its first byte. */
function begunCall({ access }: Target): Buffer {
    const body = framed(Buffer.from([0x0a]), false, 2 ** 20);
    return Buffer.concat([
        preface,
        settings,
        frame("headers", flags.endHeaders, 1, callHeaders(access)),
        frame("data", flags.none, 1, body),
    ]);
}

/** All at once: they do nothing but wait. What gRPC leaves open ends with the age of a connection, in five minutes. */
export const slow: Attack[] = [
    {
        name: "slow headers, HTTP",
        sends: `${connections} connections, a header each second`,
        allows: ["closed"],
        run: ({ target }) => dribble(target.http, target, headers(target, ""), "X-More: x\r\n"),
    },
    {
        name: "slow bodies, HTTP",
        sends: `${connections} connections, a byte each second`,
        allows: ["closed"],
        run: ({ target }) => dribble(target.http, target, headers(target, "Content-Length: 1000000\r\n\r\n"), "\n"),
    },
    {
        name: "silent connections, HTTP",
        sends: `${connections} connections without a word`,
        allows: ["closed"],
        run: ({ target }) => dribble(target.http, target, "", ""),
    },
    {
        name: "silent connections, gRPC",
        sends: `${connections} connections without a word`,
        allows: ["closed", "unanswered"],
        run: ({ target }) => dribble(target.grpc, target, "", ""),
    },
    {
        name: "slow messages, gRPC",
        sends: `${connections} connections, a byte each second`,
        allows: ["closed", "unanswered"],
        run: ({ target }) =>
            dribble(target.grpc, target, begunCall(target), frame("data", flags.none, 1, Buffer.from([0x0a]))),
    },
];
