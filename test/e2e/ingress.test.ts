import { expect, test } from "vitest";
import { grpcSender, httpSender } from "../../verify/otlp";
import { newSpanId, newTraceId } from "../../verify/span";
import type { Target } from "../../verify/verify";
import { steady, underTraffic } from "../support/traffic";
import { withStack } from "./stack";

const [first, second, third] = ["first-token-of-three", "second-token-of-three", "third-token-of-three"];
const closed = (...tokens: string[]) => ({ gateways: 1, clientTls: "generated", clientTokens: tokens });

/** What an lb answers to one span: over gRPC and over HTTP. */
async function answers({ grpc: [grpc = ""], http: [http = ""] }: Target, access: Target["access"]): Promise<string[]> {
    const senders = [grpcSender(grpc, access), httpSender(http, access)];
    const span = { traceId: newTraceId(), spanId: newSpanId(), run: "knocking" };
    const sent = senders.map((sender) =>
        sender
            .send([span])
            .then(
                () => "accepted",
                (error: Error) => error.message,
            )
            .finally(() => sender.close()),
    );
    return Promise.all(sent);
}

const accepted = ["accepted", "accepted"];

test("a closed ingress takes what comes encrypted and with one of its tokens, and nothing else", () =>
    withStack(async (stack) => {
        const outputs = await stack.up(closed(first, second));
        const { access } = outputs;
        expect(access).toMatchObject({ serverName: "load-balancer", token: first });
        expect(outputs.http[0]).toMatch(/^https:/);
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });

        expect(await answers(outputs, { ...access, token: second })).toEqual(accepted);
        for (const token of [undefined, "somebody-elses-token", second.slice(1)]) {
            const [grpc, http] = await answers(outputs, { ...access, token });
            expect(grpc, token).toContain("UNAUTHENTICATED");
            expect(http, token).toContain("HTTP 401");
        }
        for (const authority of [undefined, "otherwise"]) {
            const [grpc, http] = await answers(outputs, {
                ...access,
                ...(authority ? { serverName: "somebody-else" } : { authority }),
            });
            expect(grpc).toContain("UNAVAILABLE");
            expect(http).toMatch(/certificate|altnames/i);
        }
    }));

test("tokens are changed under traffic, one lb at a time; nothing is lost", () =>
    withStack(async (stack) => {
        const two = (...tokens: string[]) => ({ ...closed(...tokens), loadBalancers: 2 });
        const outputs = await stack.up(two(first, second));
        const target = { ...outputs, access: { ...outputs.access, token: second } };
        const outcome = await underTraffic(target, async () => {
            await stack.up(two(second, third));
        });
        expect(outcome).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
        expect(await answers(outputs, { ...outputs.access, token: third })).toEqual(accepted);
        expect(await answers(outputs, { ...outputs.access, token: first })).not.toContain("accepted");
    }));

test("an open ingress takes what anybody sends: the tests above can fail", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 1 });
        expect(outputs.access).toBeUndefined();
        expect(await answers(outputs, { token: "somebody-elses-token" })).toEqual(accepted);
    }));
