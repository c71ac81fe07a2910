import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { bridgeAddress } from "../../bench/rigs/bridge";
import { sendTraffic } from "../../verify/traffic";
import { sendersTo } from "../../verify/verify";
import { FakeBackend } from "../e2e/fakeBackend";
import { missing } from "../support/missing";
import { livesOf, servedSerial } from "./cluster";
import { ringOf } from "./ring";
import { withStack } from "./stack";

const pods = ["gateway-0", "gateway-1", "external-gateway-0"];
const plan = { traces: 10_000, spansPerTrace: 4, tracesPerSecond: 5, spanIntervalMs: 300 };
/** Who could not connect for long tries again after two minutes at most. */
const patienceMs = 240_000;
const pollMs = 2_000;

// The tap would forget what came right before the external gateway rolls: a backend does not.
test("another generation is another authority: every pod rolls under traffic, and nothing is lost", ({ skip }) => {
    skip(missing.docker !== undefined, missing.docker);
    return withStack(async (stack) => {
        await using backend = await FakeBackend.start("grpc");
        const endpoint = backend.endpoint.replace("host.docker.internal", await bridgeAddress());
        const settings = { gateways: 2, backends: [{ endpoint, protocol: "grpc" }] };
        await stack.up(settings);
        const { namespace } = stack;
        const serials = () => Promise.all(pods.map((pod) => servedSerial(namespace, pod)));
        const [before, lives] = [await serials(), await livesOf(namespace)];

        await stack.through(async (target) => {
            await ringOf(target.metrics, 2);
            const senders = sendersTo(target);
            const stop = new AbortController();
            const traffic = sendTraffic(plan, senders, stop.signal);
            try {
                await stack.up({ ...settings, certificateGeneration: 2 });
            } finally {
                stop.abort();
            }
            const { acknowledged, givenUp } = await traffic;
            for (const sender of senders) sender.close();

            const deadline = Date.now() + patienceMs;
            let lost = acknowledged;
            do {
                lost = lost.filter(({ spanId }) => !backend.received(spanId));
                if (lost.length > 0) await delay(pollMs);
            } while (lost.length > 0 && Date.now() < deadline);
            console.log(JSON.stringify({ acknowledged: acknowledged.length, lost: lost.length, givenUp }));
            expect({ lost: lost.length, givenUp }).toEqual({ lost: 0, givenUp: 0 });
            expect(acknowledged.length).toBeGreaterThan(200);
        });
        expect((await serials()).filter((serial) => before.includes(serial))).toEqual([]);
        const now = await livesOf(namespace);
        expect(Object.keys(now).filter((pod) => now[pod] === lives[pod])).toEqual([]);
        await stack.expectNoChanges();
    });
}, 900_000);
