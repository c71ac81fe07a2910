import { allowed, type Attack, type Attempt } from "../attack";
import { emptySpans, manyAttributes, manyAttributesInJson, nested, nestedInJson } from "../payloads/spans";
import { sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";

const json = { "content-type": "application/json" };

/** The same over HTTP, over gRPC and as JSON, one after another. */
async function eachWay({ target }: Attempt, body: () => Buffer, text?: () => string) {
    return [
        await sendHttp(target, { body: body() }),
        await sendGrpc(target, { message: body() }),
        ...(text ? [await sendHttp(target, { body: text(), headers: json })] : []),
    ];
}

/** Telemetry that is small on the wire and large in memory, in sizes that no honest client has. */
export const large: Attack[] = [
    {
        name: "a span with a million attributes",
        sends: "8 MiB over HTTP and gRPC, 15 MiB of JSON",
        allows: allowed,
        run: (attempt) => {
            const count = 1_000_000;
            const { place } = attempt;
            return eachWay(
                attempt,
                () => manyAttributes(place, count),
                () => manyAttributesInJson(place, count),
            );
        },
    },
    {
        name: "a span with as many attributes as fit",
        sends: "300 000 over HTTP and gRPC, 200 000 of JSON",
        allows: allowed,
        run: (attempt) =>
            eachWay(
                attempt,
                () => manyAttributes(attempt.place, 300_000),
                () => manyAttributesInJson(attempt.place, 200_000),
            ),
    },
    {
        name: "a list in a list, 20 000 deep",
        sends: "over HTTP and gRPC, and as JSON",
        allows: allowed,
        run: (attempt) =>
            eachWay(
                attempt,
                () => nested(attempt.place, 20_000),
                () => nestedInJson(attempt.place, 20_000),
            ),
    },
    {
        name: "100 000 empty spans in 200 kB",
        sends: "over HTTP and gRPC",
        allows: allowed,
        run: (attempt) => eachWay(attempt, () => emptySpans(200_000)),
    },
];
