import { type Answer, type Attack, inTurns, type Target, turnedAway } from "../attack";
import { framed, sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";
import { RawConnection } from "../wire/socket";
import { field } from "../payloads/protobuf";
import { request, span } from "../payloads/spans";

const mebibyte = 2 ** 20;
const times = 16;
const waitMs = 5_000;
/** One span with one long attribute: telemetry, but for its size. */
const large = (place: number, bytes: number) =>
    request(span(place, field(9, field(1, "long"), field(2, field(1, Buffer.alloc(bytes, "x"))))));

export const oversized: Attack[] = [
    {
        name: "messages of 5 and 17 MiB, HTTP",
        sends: `${times}, 8 at once`,
        allows: turnedAway,
        run: ({ target, place }) =>
            inTurns(
                Array.from({ length: times }, (_, index) => () => {
                    return sendHttp(target, { body: large(place, (index % 2 === 0 ? 5 : 17) * mebibyte) });
                }),
                8,
            ),
    },
    {
        name: "messages of 5 and 17 MiB, gRPC",
        sends: `${times}, 8 at once`,
        allows: turnedAway,
        run: ({ target, place }) =>
            inTurns(
                Array.from({ length: times }, (_, index) => () => {
                    return sendGrpc(target, { message: large(place, (index % 2 === 0 ? 5 : 17) * mebibyte) });
                }),
                8,
            ),
    },
    {
        name: "lengths that are claimed",
        sends: "4 GiB over gRPC, a body without an end over HTTP, up to 32 MiB",
        allows: turnedAway,
        run: async ({ target }) => [
            await sendGrpc(target, { body: framed(Buffer.alloc(mebibyte), false, 0xffffffff) }),
            await endless(target),
        ],
    },
];

async function endless({ http, access }: Target): Promise<Answer> {
    const connection = await RawConnection.open(http, access);
    const token = access.token === undefined ? "" : `Authorization: Bearer ${access.token}\r\n`;
    await connection.write(
        `POST /v1/traces HTTP/1.1\r\nHost: x\r\n${token}Content-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(mebibyte, 0x0a), Buffer.from("\r\n")]);
    for (let sent = 0; sent < 32 && connection.isOpen; sent++) await connection.write(chunk);
    const ended = await connection.end(waitMs);
    connection.destroy();
    return ended;
}
