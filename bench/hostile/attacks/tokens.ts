import { type Attack, inTurns, turnedAway } from "../attack";
import { emptySpans, goodRequest, nested } from "../payloads/spans";
import { sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";

/** What stands where a token should, made of the right one. */
function credentials(token: string): (string | undefined)[] {
    return [
        undefined,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        `Bearer ${token}x`,
        `Bearer ${token.slice(0, -1)}`,
        `Bearer ${token.toUpperCase()}${token.toLowerCase()}`,
        `Basic ${Buffer.from(`user:${token}`).toString("base64")}`,
        token,
        `Bearer ${"x".repeat(10_000)}`,
    ];
}

/** Telemetry that is as it should be, from somebody who may not send it. */
export const tokens: Attack[] = [
    {
        name: "no token and wrong tokens",
        sends: "11 kinds, over HTTP and gRPC",
        allows: turnedAway,
        run: ({ target, place }) => {
            const { token = "", ...access } = target.access;
            const stranger = { ...target, access };
            return inTurns(
                credentials(token).flatMap((authorization) => [
                    () => sendHttp(stranger, { body: goodRequest(place), headers: { authorization } }),
                    () => {
                        const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
                        return sendGrpc(stranger, { message: goodRequest(place), headers });
                    },
                ]),
                4,
            );
        },
    },
    {
        name: "large messages without a token",
        sends: "100 000 levels and 500 000 empty spans, over HTTP and gRPC, twice",
        allows: turnedAway,
        run: ({ target, place }) => {
            const stranger = { ...target, access: { ...target.access, token: undefined } };
            const bodies = [nested(place, 100_000), emptySpans(1_000_000)];
            const all = Array.from({ length: 2 }, () => bodies).flat();
            return inTurns(
                all.flatMap((body) => [
                    () => sendHttp(stranger, { body }),
                    () => sendGrpc(stranger, { message: body }),
                ]),
                1,
            );
        },
    },
];
