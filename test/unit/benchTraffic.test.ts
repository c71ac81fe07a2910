import { randomBytes } from "node:crypto";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { describe, expect, it } from "vitest";
import { fillRequest, newTraceIds, requestTemplate } from "../../bench/load/payload";
import { busyTraffic, faultTraffic, spansPerRequest } from "../../bench/load/plan";
import { eachSpan } from "../../bench/sink/spans";
import { spanOf } from "../../verify/span";

interface Seen {
    traceId: string;
    spanId: string;
    gateway: string | undefined;
}

function seenIn(body: Buffer): Seen[] {
    const seen: Seen[] = [];
    const hex = (at: number, length: number) => body.toString("hex", at, at + length);
    eachSpan(body, (traceId, spanId, gateway) =>
        seen.push({ traceId: hex(traceId, 16), spanId: hex(spanId, 8), gateway }),
    );
    return seen;
}

describe("a request of the generator", () => {
    it.each([faultTraffic, busyTraffic])("holds the traces that it is given, in spans of its own", (shape) => {
        const traceIds = newTraceIds(shape.tracesPerRequest);
        const template = requestTemplate(shape, "run");
        const requests = [1, 2].map(() => fillRequest(template, traceIds));
        for (const { body, ids } of requests) {
            const sent = ids.map(({ traceId, spanId }) => [traceId.toString("hex"), spanId.toString("hex")]);
            expect(seenIn(body).map(({ traceId, spanId }) => [traceId, spanId])).toEqual(sent);
            expect(new Set(sent.map(([traceId]) => traceId))).toEqual(
                new Set(traceIds.map((id) => id.toString("hex"))),
            );
        }
        const spans = requests.flatMap(({ ids }) => ids.map(({ spanId }) => spanId.toString("hex")));
        expect(new Set(spans).size).toBe(2 * spansPerRequest(shape));
    });

    it("is marked for the gateways only with a run", () => {
        expect(requestTemplate(faultTraffic, "run").body.includes("tiers.verify.run")).toBe(true);
        expect(requestTemplate(faultTraffic).body.includes("tiers.verify")).toBe(false);
    });
});

describe("the sink", () => {
    const span = { traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex") };
    const stamped = { ...spanOf(span), attributes: { first: 1, "tiers.verify.gateway": "gateway-2", last: "x" } };
    const encoded = Buffer.from(ProtobufTraceSerializer.serializeRequest([stamped]) ?? []);

    it("reads the gateway's stamp", () => {
        expect(seenIn(encoded)).toEqual([{ ...span, gateway: "gateway-2" }]);
    });

    it("reads it from an attribute whose value comes before its key, as the collector writes them", () => {
        const key = Buffer.from("tiers.verify.gateway");
        const value = Buffer.from("gateway-2");
        const field = (number: number, content: Buffer) =>
            Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
        const keyFirst = Buffer.concat([field(1, key), field(2, field(1, value))]);
        const valueFirst = Buffer.concat([field(2, field(1, value)), field(1, key)]);
        const at = encoded.indexOf(keyFirst);
        expect(at).toBeGreaterThan(0);
        const turned = Buffer.from(encoded);
        valueFirst.copy(turned, at);
        expect(seenIn(turned)).toEqual([{ ...span, gateway: "gateway-2" }]);
    });

    it("does not take what is no request for one", () => {
        expect(() => seenIn(Buffer.from([0x0b, 0x0c]))).toThrow("no protobuf");
    });
});
