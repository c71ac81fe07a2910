import { setTimeout as delay } from "node:timers/promises";
import type { Access } from "../../../verify/access";
import { ports } from "../../../components/collector/ports";
import { sendByContainer } from "../../rigs/outsider";
import { type Answer, type Attack, inTurns, turnedAway } from "../attack";
import { goodRequest } from "../payloads/spans";
import { sendGrpc } from "../wire/grpc";
import { sendHttp } from "../wire/http";
import { ping, preface, settings } from "../wire/frames";
import { http2Only, RawConnection } from "../wire/socket";

/** What surrounds the ports that clients send to. */
export interface Surroundings {
    /** Addresses of this machine other than the loopback. */
    elsewhere: string[];
    /** What operators read, as URLs on the loopback. */
    operators: string[];
    /** Where the collectors are on their own network, by name. */
    inside: { replica: string; address: string }[];
}

const openMs = 2_000;
const hostOf = (url: string) => new URL(url.includes("://") ? url : `tcp://${url}`).host;

async function reach(endpoint: string): Promise<Answer> {
    const opening = RawConnection.open(endpoint, {});
    const connection = await Promise.race([opening, delay(openMs, undefined)]);
    if (!connection) {
        void opening.then((late) => late.destroy());
        return { taken: "unreachable", said: "no answer" };
    }
    if (connection.isOpen) {
        connection.destroy();
        return { taken: "accepted", said: "connected" };
    }
    return connection.end(0);
}

/** Whoever serves the client at all leaves the connection open for the rest. */
async function beginCall(endpoint: string, access: Access): Promise<Answer> {
    const connection = await RawConnection.open(endpoint, access, { ...http2Only, rejectUnauthorized: false });
    await connection.write(Buffer.concat([preface, settings, ping]));
    const ended = await connection.end(openMs);
    connection.destroy();
    return ended;
}

export const behindLbs = (inside: Surroundings["inside"]) =>
    inside.filter(({ replica }) => !replica.startsWith("load-balancer"));

/** Where a collector listens behind the lbs. */
function portsInside(replica: string): number[] {
    const { otlpGrpc, metrics, health, tap } = ports;
    return [otlpGrpc, metrics, health, ...(replica.startsWith("external") ? [tap] : [])];
}

export function portsOf({ elsewhere, operators, inside }: Surroundings): Attack[] {
    const collectors = behindLbs(inside);
    return [
        {
            name: "the published ports on other addresses of this machine",
            sends: "a connection to each",
            allows: ["unreachable"],
            run: ({ target }) => {
                const published = [target.grpc, target.http, ...operators].map(
                    (url) => hostOf(url).split(":")[1] ?? "",
                );
                const all = elsewhere.flatMap((address) => published.map((port) => `${address}:${port}`));
                return inTurns(
                    all.map((endpoint) => () => reach(endpoint)),
                    8,
                );
            },
        },
        {
            name: "telemetry to the operators' ports",
            sends: "a good request to metrics and tap, over HTTP and gRPC",
            allows: turnedAway,
            run: ({ target, place }) =>
                inTurns(
                    operators.flatMap((url) => [
                        () => sendHttp({ ...target, http: new URL(url).origin }, { body: goodRequest(place) }),
                        () => sendGrpc({ ...target, grpc: hostOf(url), access: {} }, { message: goodRequest(place) }),
                    ]),
                    4,
                ),
        },
        {
            name: "gateways and external gateway, from another Docker network",
            sends: "telemetrygen to each port of theirs",
            allows: ["unreachable"],
            run: async () => {
                const endpoints = collectors.flatMap(({ replica, address }) =>
                    portsInside(replica).map((port) => `${address}:${port}`),
                );
                const deliveries = await sendByContainer(endpoints);
                return deliveries.map(({ delivered, said }): Answer => {
                    if (delivered) return { taken: "accepted", said: "delivered" };
                    const isAway = said.includes("waiting for connections to become ready");
                    return isAway
                        ? { taken: "unreachable", said: "no connection" }
                        : { taken: "refused", said: said.slice(0, 60) };
                });
            },
        },
        withoutCertificate(collectors),
    ];
}

/** Straight to collectors that take telemetry from the tier before them alone. */
export function withoutCertificate(collectors: Surroundings["inside"]): Attack {
    return {
        name: "gateways and external gateway, without a certificate, from this machine",
        sends: "the beginning of a call to each, in plain text and with TLS",
        allows: ["closed"],
        run: ({ target }) =>
            inTurns(
                collectors.flatMap(({ address }) => {
                    const endpoint = `${address}:${ports.otlpGrpc}`;
                    return [{}, target.access].map((access) => () => beginCall(endpoint, access));
                }),
                4,
            ),
    };
}
