import { type Attack, inTurns, turnedAway } from "../attack";
import { brokenJson, brokenProtobuf } from "../payloads/broken";
import { GrpcConnection } from "../wire/grpc";
import { sendHttp } from "../wire/http";

const atOnce = 8;

export const malformed: Attack[] = [
    {
        name: "malformed and truncated protobuf, HTTP",
        sends: "a request cut at each byte, and broken by hand",
        allows: turnedAway,
        run: ({ target, place }) =>
            inTurns(
                brokenProtobuf(place).map((body) => () => sendHttp(target, { body })),
                atOnce,
            ),
    },
    {
        name: "malformed and truncated protobuf, gRPC",
        sends: "the same",
        allows: turnedAway,
        async run({ target, place }) {
            const connection = new GrpcConnection(target);
            const calls = brokenProtobuf(place).map((message) => () => connection.send({ message }));
            const answers = await inTurns(calls, atOnce);
            connection.close();
            return answers;
        },
    },
    {
        name: "malformed and truncated JSON",
        sends: "a request cut at each byte, and broken by hand",
        allows: turnedAway,
        run: ({ target, place }) => {
            const headers = { "content-type": "application/json" };
            return inTurns(
                brokenJson(place).map((body) => () => sendHttp(target, { body, headers })),
                atOnce,
            );
        },
    },
];
