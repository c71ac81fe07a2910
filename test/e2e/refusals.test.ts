import { createServer } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { type Configuration, docker, TestStack, withStack } from "./stack";
import { only, portTaken } from "../support/configs";
import { steady } from "../support/traffic";

describe("bad input is refused in one sentence, with nothing created", () => {
    let shared: Promise<TestStack> | undefined;
    const emptyStack = () => (shared ??= TestStack.create());
    afterAll(async () => (await shared)?.destroy());

    const whole = "allowed: a whole number from 1 to 100";
    const cases: [string, Configuration, string | RegExp][] = [
        ["no gateway", { gateways: 0 }, `gateways is 0; ${whole}`],
        ["fewer than none", { gateways: -1 }, `gateways is -1; ${whole}`],
        ["half a gateway", { gateways: 2.5 }, /'gateways' must be of type 'integer', not "2.5"$/],
        ["a word", { gateways: "three" }, /'gateways' must be of type 'integer', not "?three"?$/],
        ["too many", { gateways: 100_000 }, `gateways is 100000; ${whole}`],
        ["resolver", { resolver: "srv" }, 'resolver is "srv"; allowed: static, dns, k8s'],
        ["platform", { platform: "nomad" }, 'platform is "nomad"; allowed: docker, kubernetes'],
        ["routing key", { routingKey: "span" }, 'routingKey is "span"; allowed: traceID, service, attributes'],
        [
            "k8s on Docker",
            { resolver: "k8s" },
            'resolver is "k8s"; allowed: static or dns, because the platform is docker',
        ],
        ["no such image", { image: "no/such:1" }, /^image is "no\/such:1"; allowed: an image on this Docker Engine/],
        [
            "no URL",
            { backends: [{ endpoint: "somewhere" }] },
            /^backends\[0\]\.endpoint is "somewhere"; allowed: a URL/,
        ],
        [
            "broken custody",
            { loadBalancerOverrides: { exporters: { load_balancing: { sending_queue: { enabled: false } } } } },
            /exporters\.load_balancing\.sending_queue\.enabled is false; allowed: true \[custody\/lb-queue-on-disk\]; with the rule in `waived` it is taken, /,
        ],
        [
            "unknown rule",
            { waived: ["custody/lb-queue"] },
            /^waived\[0\] is "custody\/lb-queue"; allowed: the id of a rule, such as custody\/lb-queue/,
        ],
        [
            "idle waiver",
            { waived: ["custody/lb-queue-on-disk"] },
            /^waived is "custody\/lb-queue-on-disk"; allowed: rules that are broken; this one holds/,
        ],
    ];
    test.each(cases)("%s", async (_, configuration, sentence) => {
        const stack = await emptyStack();
        const error = await stack.up(configuration).then(
            () => undefined,
            (refused: Error) => refused.message,
        );
        expect(error).toMatch(sentence);
        expect(error).not.toContain("\n");
        expect(await stack.containers()).toEqual({});
        expect(stack.stateText()).not.toContain("docker:index/network");
    });

    test("a port in use", async () => {
        const stack = await emptyStack();
        const server = createServer();
        const port = await new Promise<number>((resolve) =>
            server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port)),
        );
        try {
            await expect(stack.up({ grpcPorts: [port] })).rejects.toThrow(
                `a published port is "127.0.0.1:${port}"; allowed: a free port; another program listens there`,
            );
            expect(await stack.containers()).toEqual({});
        } finally {
            server.close();
        }
    });

    test("Docker not running", async () => {
        const stack = await emptyStack();
        process.env.DOCKER_HOST = "unix:///nowhere/docker.sock";
        try {
            await expect(stack.up({})).rejects.toThrow(
                /^Docker does not answer at unix:\/\/\/nowhere\/docker.sock .*: start Docker/,
            );
        } finally {
            delete process.env.DOCKER_HOST;
        }
    });
});

test("a rule that is waived may be broken, and the stack says what it gives up", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({
            gateways: 1,
            gatewayOverrides: { exporters: { "otlp_grpc/external": { sending_queue: { enabled: true } } } },
            waived: ["custody/gateway-is-synchronous"],
        });
        expect(outputs.waived).toEqual([
            "custody/gateway-is-synchronous: " +
                "a gateway acknowledges what the external gateway has acknowledged, and nothing before",
        ]);
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
    }));

test("what a collector does not take is refused in its words by preview and by up, with nothing touched", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 2 });
        const before = await stack.containers();
        const broken = {
            gateways: 3,
            gatewayOverrides: only("receivers.otlp.nonsense", 1),
            loadBalancerOverrides: only("processors.memory_limiter.check_interval", "often"),
        };
        const refusal =
            /the collector does not take the configuration of gateway: .*'otlpreceiver\.Config' has invalid keys: nonsense; .* of load-balancer: .*'check_interval' time: invalid duration/;
        await expect(stack.preview(broken)).rejects.toThrow(refusal);
        await expect(stack.up(broken)).rejects.toThrow(refusal);
        expect(await stack.containers()).toEqual(before);
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
        await stack.up({ gateways: 2 });
        expect(stack.changes).toBe(0);
    }));

test("a gateway that does not start stops the roll before the next one, says why, and right input mends it", () =>
    withStack(async (stack) => {
        const outputs = await stack.up({ gateways: 3 });
        const before = await stack.containers();
        await expect(stack.up({ gateways: 3, gatewayOverrides: portTaken })).rejects.toThrow(
            /gateway-1 does not stay up: Error: .*address already in use$/,
        );
        const after = await stack.containers();
        expect(after["gateway-1"]).not.toBe(before["gateway-1"]);
        for (const kept of ["gateway-2", "gateway-3", "load-balancer-1", "external-gateway-1"]) {
            expect(after[kept], kept).toBe(before[kept]);
        }
        await stack.up({ gateways: 3 });
        expect(await steady(outputs, 50)).toMatchObject({ acknowledged: 200, lost: 0, duplicated: 0, split: 0 });
    }));

test("a container that the engine cannot create fails the update, and does not hang it", () =>
    withStack(async (stack) => {
        const squatter = await docker.createContainer({
            name: `otel-collector-tiers-${stack.name}-gateway-1`,
            Image: "otel-collector-tiers/collector:0.161.0",
        });
        try {
            await expect(stack.up({ gateways: 2 })).rejects.toThrow(
                /remove them with: docker rm --force \S+-gateway-1$/,
            );
        } finally {
            await squatter.remove();
        }
        const outputs = await stack.up({ gateways: 2 });
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
    }));

test("a first up that fails leaves a state that the next up completes", () =>
    withStack(async (stack) => {
        await expect(stack.up({ gateways: 1, externalGatewayOverrides: portTaken })).rejects.toThrow(
            /external-gateway-1 does not stay up: Error: .*address already in use$/,
        );
        const outputs = await stack.up({ gateways: 1 });
        expect(await steady(outputs, 20)).toMatchObject({ acknowledged: 80, lost: 0, duplicated: 0, split: 0 });
    }));
