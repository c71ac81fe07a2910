import { rootCertificates } from "node:tls";
import { type Attack, inTurns, turnedAway } from "../attack";
import { goodRequest } from "../payloads/spans";
import { sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";

/** Where clients have to come with TLS and to know who vouches for the lb. */
export const certificates: Attack[] = [
    {
        name: "plain text to a port with TLS",
        sends: "a good request with its token, over HTTP and gRPC",
        allows: turnedAway,
        run: ({ target, place }) => {
            const { token } = target.access;
            const plain = { ...target, http: target.http.replace("https:", "http:"), access: { token } };
            return inTurns(
                [
                    () => sendHttp(plain, { body: goodRequest(place) }),
                    () => sendGrpc(plain, { message: goodRequest(place) }),
                ],
                1,
            );
        },
    },
    {
        name: "clients that trust another authority, or look for another name",
        sends: "a good request of each, over HTTP and gRPC",
        allows: ["closed"],
        run: ({ target, place }) => {
            const others = [{ authority: rootCertificates[0] }, { serverName: "elsewhere.example" }];
            return inTurns(
                others.flatMap((other) => {
                    const client = { ...target, access: { ...target.access, ...other } };
                    return [
                        () => sendHttp(client, { body: goodRequest(place) }),
                        () => sendGrpc(client, { message: goodRequest(place) }),
                    ];
                }),
                1,
            );
        },
    },
];
