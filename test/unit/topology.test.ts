import { describe, expect, it } from "vitest";
import { type Topology, topologyViolations } from "../../components/collector/topology";
import { changed, shipped } from "../support/configs";

const topology = (): Topology => ({
    loadBalancer: shipped.loadBalancer(),
    gateway: shipped.gateway(),
    externalGateway: shipped.externalGateway(),
});

function rulesWith(tier: keyof Topology, path: string, value: unknown): string[] {
    const whole = topology();
    return topologyViolations({ ...whole, [tier]: changed(whole[tier], path, value) }).map(({ rule }) => rule);
}

const mib = 2 ** 20;
const limit = "receivers.otlp.protocols.grpc.max_recv_msg_size_mib";
const external = "exporters.otlp_grpc/external";
const lb = "exporters.load_balancing";
const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];

/** The queue of a gateway that batches, and is synchronous all the same. */
const batching = (flushTimeout: string, maxSize = 24 * mib) => ({
    enabled: true,
    wait_for_result: true,
    batch: { sizer: "bytes", flush_timeout: flushTimeout, max_size: maxSize },
});

/** An lb that sends on each message as it came in. */
const unbatched = () =>
    changed(
        shipped.loadBalancer(),
        "exporters",
        Object.fromEntries(rings.map((id) => [id, { sending_queue: { batch: null } }])),
    );

it("the shipped configurations fit together", () => {
    expect(topologyViolations(topology())).toEqual([]);
});

describe("limits grow: what one tier took in has to fit into the next, also where no tier batches", () => {
    const rules = (tier: keyof Topology, path: string, value: unknown) => {
        const whole = { ...topology(), loadBalancer: unbatched() };
        return topologyViolations({ ...whole, [tier]: changed(whole[tier], path, value) }).map(({ rule }) => rule);
    };

    it.each<[keyof Topology, unknown]>([
        ["loadBalancer", 24],
        ["loadBalancer", 30],
        ["gateway", 4],
        ["gateway", 32],
        ["gateway", null],
        ["externalGateway", 24],
        ["externalGateway", null],
    ])("%s takes %j MiB", (tier, value) => {
        expect(rules(tier, limit, value)).toEqual(["topology/limits-grow"]);
    });

    it.each([24 * mib, 32 * mib])("the lb takes %j bytes over HTTP", (bytes) => {
        const path = "receivers.otlp.protocols.http.max_request_body_size";
        expect(rules("loadBalancer", path, bytes)).toEqual(["topology/limits-grow"]);
        expect(rules("loadBalancer", path, 24 * mib - 1)).toEqual([]);
    });

    it("a limit that is not set is the collector's 4 MiB", () => {
        expect(rules("loadBalancer", limit, null)).toEqual([]);
    });
});

describe("batches fit: what one tier batches is less than the next takes in", () => {
    it.each(rings)("the lb's %s", (id) => {
        const path = `exporters.${id}.sending_queue.batch.max_size`;
        expect(rulesWith("loadBalancer", path, 24 * mib)).toEqual(["topology/batches-fit"]);
        expect(rulesWith("loadBalancer", path, 24 * mib - 1)).toEqual([]);
    });

    it("a gateway that does", () => {
        const path = `${external}.sending_queue`;
        expect(rulesWith("gateway", path, batching("1s", 32 * mib))).toEqual(["topology/batches-fit"]);
        expect(rulesWith("gateway", path, batching("1s", 32 * mib - 1))).toEqual([]);
    });

    it("says what stands there and what would do", () => {
        const whole = topology();
        const path = `${lb}.sending_queue.batch.max_size`;
        const loadBalancer = changed(whole.loadBalancer, path, 24 * mib);
        expect(topologyViolations({ ...whole, loadBalancer })).toEqual([
            {
                tier: "loadBalancer",
                rule: "topology/batches-fit",
                path,
                got: 25_165_824,
                allowed: "less than the 25165824 bytes that the next tier takes in",
            },
        ]);
    });
});

describe("signals go through: every tier has a pipeline for what the tier before takes in", () => {
    it.each(["traces", "logs", "metrics"])("the gateway has none for %s", (signal) => {
        expect(rulesWith("gateway", `service.pipelines.${signal}`, null)).toEqual(["topology/signals-go-through"]);
    });

    it.each(["traces", "logs", "metrics"])("the external gateway has none for %s", (signal) => {
        expect(rulesWith("externalGateway", `service.pipelines.${signal}`, null)).toEqual([
            "topology/signals-go-through",
        ]);
    });

    it.each<keyof Topology>(["gateway", "externalGateway"])("%s only shows a signal", (tier) => {
        const path = "service.pipelines.logs.exporters";
        expect(rulesWith(tier, path, ["debug"])).toEqual(["topology/signals-go-through"]);
    });

    it.each<[keyof Topology, string]>([
        ["loadBalancer", "load_balancing"],
        ["gateway", "otlp_grpc/external"],
        ["externalGateway", "file/sink"],
    ])("%s may show what it delivers", (tier, exporter) => {
        expect(rulesWith(tier, "service.pipelines.traces.exporters", [exporter, "debug"])).toEqual([]);
    });

    it("names the pipeline that is missing", () => {
        const whole = topology();
        const gateway = changed(whole.gateway, "service.pipelines.logs", null);
        expect(topologyViolations({ ...whole, gateway })).toMatchObject([{ path: "service.pipelines.logs" }]);
    });

    it("a signal that the lb does not take in is not asked for", () => {
        const whole = topology();
        const without = (tier: keyof Topology) => changed(whole[tier], "service.pipelines.logs", null);
        expect(
            topologyViolations({
                loadBalancer: without("loadBalancer"),
                gateway: without("gateway"),
                externalGateway: without("externalGateway"),
            }),
        ).toEqual([]);
    });
});

describe("deadlines shrink: whoever waits, waits longer", () => {
    it.each<[string, keyof Topology, string, unknown]>([
        ["the lb gives up before the gateway does", "loadBalancer", `${lb}.protocol.otlp.timeout`, "7s"],
        ["the lb waits for one gateway longer than for all", "loadBalancer", `${lb}.protocol.otlp.timeout`, "60s"],
        ["the whole request is shorter than one gateway", "loadBalancer", `${lb}.timeout`, "10s"],
        ["the collector's default of 5s is too short", "loadBalancer", `${lb}.protocol.otlp.timeout`, null],
    ])("%s", (_, tier, path, value) => {
        expect(rulesWith(tier, path, value)).toEqual(["topology/deadlines-shrink"]);
    });

    it.each<[string, string, unknown]>([
        ["its timeout", `${external}.timeout`, "43s"],
        ["its retries", `${external}.retry_on_failure.max_elapsed_time`, "41s"],
        ["its default retries of 5 minutes", `${external}.retry_on_failure.max_elapsed_time`, null],
        ["its batches", `${external}.sending_queue`, batching("40s")],
    ])("the gateway keeps the lb waiting too long with %s, for every signal", (_, path, value) => {
        expect(rulesWith("gateway", path, value)).toEqual(Array(3).fill("topology/deadlines-shrink"));
    });

    it("a gateway that batches for less than that may", () => {
        expect(rulesWith("gateway", `${external}.sending_queue`, batching("2s"))).toEqual([]);
    });

    it("a gateway that does not retry has only its timeout and its batches", () => {
        const whole = topology();
        const gateway = changed(
            changed(whole.gateway, `${external}.retry_on_failure`, { enabled: false, max_elapsed_time: "5m" }),
            `${external}.timeout`,
            "9s",
        );
        expect(topologyViolations({ ...whole, gateway })).toEqual([]);
    });
});

it("custody is part of it, in every tier", () => {
    expect(rulesWith("loadBalancer", `${lb}.sending_queue.enabled`, false)).toEqual(["custody/lb-queue-on-disk"]);
    expect(rulesWith("gateway", `${external}.sending_queue.enabled`, true)).toEqual(["custody/gateway-is-synchronous"]);
    expect(rulesWith("externalGateway", "exporters.file/sink.rotation", null)).toEqual([
        "custody/external-file-unbuffered",
    ]);
});
