import { expect, test } from "vitest";
import { newSpanId, newTraceId } from "../../verify/span";
import { sendTraffic } from "../../verify/traffic";
import { sendersTo } from "../../verify/verify";
import { eventually } from "../support/eventually";
import { FakeBackend } from "./fakeBackend";
import { readFile, withStack } from "./stack";
import { steady } from "../support/traffic";

const plain = { traces: 40, spansPerTrace: 4, tracesPerSecond: 40, spanIntervalMs: 50 };
const secret = "planted-secret-value";

test("backends over gRPC and HTTP get every span, with their headers, through an outage; test spans never reach them", () =>
    withStack(async (stack) => {
        await using grpc = await FakeBackend.start("grpc");
        await using http = await FakeBackend.start("http");
        const backends = [
            { name: "one", endpoint: grpc.endpoint, protocol: "grpc" },
            { name: "two", endpoint: http.endpoint, protocol: "http" },
        ];
        const outputs = await stack.up(
            { backends },
            { "backends[0].headers.api-key": secret, "backends[1].headers.api-key": secret },
        );

        await http.stop();
        const ledger = await sendTraffic(plain, sendersTo(outputs));
        expect(ledger.acknowledged).toHaveLength(160);
        await http.resume();

        for (const backend of [grpc, http]) {
            await eventually(
                `all spans at the ${backend.protocol} backend`,
                () => {
                    const missing = ledger.acknowledged.filter(({ spanId }) => !backend.received(spanId)).length;
                    return Promise.resolve({ done: missing === 0, saw: { missing } });
                },
                60_000,
            );
            expect(backend.headers["api-key"]).toBe(secret);
        }

        const verified = await steady(outputs, 50);
        expect(verified).toMatchObject({ acknowledged: 200, lost: 0, duplicated: 0, split: 0 });
        const leaked = verified.ledger.acknowledged.filter(
            ({ spanId }) => grpc.received(spanId) || http.received(spanId),
        );
        expect(leaked).toEqual([]);

        expect(stack.stateText()).toContain("external-gateway-1");
        expect(stack.stateText()).not.toContain(secret);
        expect(JSON.stringify(await stack.container("external-gateway-1").inspect())).not.toContain(secret);
    }));

test("without a backend every span is in the local file, with the logs and the metrics", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 1 });
        const ledger = await sendTraffic(plain, sendersTo(outputs));
        await sendOther(outputs.http[0] ?? "");
        await eventually("everything in the file", async () => {
            const sink = await readFile(stack.container("external-gateway-1"), "/var/lib/otelcol/telemetry.jsonl");
            const missing = ledger.acknowledged.filter(({ spanId }) => !sink.includes(spanId)).length;
            const others = { log: sink.includes("a planted log"), metric: sink.includes("planted.metric") };
            const stamped = sink.split("\n").some((line) => line.includes(asksForStamp) && line.includes(stamp));
            return {
                done: missing === 0 && others.log && others.metric && stamped,
                saw: { missing, stamped, ...others },
            };
        });
    }));

const asksForStamp = "a span that asks for its gateway";
const stamp = "tiers.verify.gateway";

/** A log record, a metric point, and a span that no test span's resource keeps from the backends. */
async function sendOther(http: string): Promise<void> {
    const post = (path: string, body: unknown) =>
        fetch(`${http}${path}`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
        });
    const log = { body: { stringValue: "a planted log" } };
    const point = { asInt: "1", timeUnixNano: String(BigInt(Date.now()) * 1_000_000n) };
    const span = {
        traceId: newTraceId(),
        spanId: newSpanId(),
        name: asksForStamp,
        attributes: [{ key: "tiers.verify.run", value: { stringValue: "none" } }],
    };
    const answers = await Promise.all([
        post("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
        post("/v1/logs", { resourceLogs: [{ scopeLogs: [{ logRecords: [log] }] }] }),
        post("/v1/metrics", {
            resourceMetrics: [
                { scopeMetrics: [{ metrics: [{ name: "planted.metric", gauge: { dataPoints: [point] } }] }] },
            ],
        }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
}
