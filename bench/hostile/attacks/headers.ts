import { type Attack, inTurns, turnedAway } from "../attack";
import { goodRequest } from "../payloads/spans";
import { sendHttp } from "../wire/http";

const mebibyte = 2 ** 20;

export const headers: Attack[] = [
    {
        name: "huge headers, HTTP",
        sends: "16 requests: one of 2 MiB, 100 000 short ones, a path of 2 MiB",
        allows: turnedAway,
        run: ({ target, place }) => {
            const body = goodRequest(place);
            const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x-header-${index}`, "x"]));
            const requests = [
                { body, headers: { "x-long": "x".repeat(2 * mebibyte) } },
                { body, headers: many },
                { body, path: `/v1/traces?${"x".repeat(2 * mebibyte)}` },
                { body, headers: { "content-encoding": "gzip,".repeat(400_000) } },
            ];
            return inTurns(
                Array.from({ length: 16 }, (_, index) => () => sendHttp(target, requests[index % 4] ?? {})),
                8,
            );
        },
    },
];
