import { describe, expect, it } from "vitest";
import { type Config, section } from "../../components/collector/config";
import { stopGraceSeconds, timeoutMs, worstCaseMs } from "../../components/collector/deadlines";
import { loadBalancerConfig } from "../../components/collector/loadBalancer";
import { Resolver } from "../../components/collector/resolver";
import { changed, only, shipped } from "../support/configs";

describe("the longest that an exporter keeps its sender waiting", () => {
    it.each<[string, Config, number]>([
        ["the collector's own five seconds, and five minutes of retries", {}, 305_000],
        ["its timeout, without retries", { timeout: "7s", retry_on_failure: { enabled: false } }, 7_000],
        ["its timeout after its retries", { timeout: "4s", retry_on_failure: { max_elapsed_time: "3s" } }, 7_000],
        [
            "and before them its batch",
            {
                timeout: "4s",
                retry_on_failure: { max_elapsed_time: "3s" },
                sending_queue: { batch: { flush_timeout: "200ms" } },
            },
            7_200,
        ],
        [
            "but not the batch of a queue that it does without",
            {
                timeout: "4s",
                retry_on_failure: { max_elapsed_time: "3s" },
                sending_queue: { enabled: false, batch: { flush_timeout: "200ms" } },
            },
            7_000,
        ],
    ])("%s", (_, exporter, milliseconds) => {
        expect(worstCaseMs(exporter)).toBe(milliseconds);
    });

    it("has the collector's timeout where none can be read", () => {
        expect(timeoutMs({ timeout: "soon" })).toBe(5_000);
        expect(timeoutMs({ timeout: "1m30s" })).toBe(90_000);
    });
});

/** A collector with one pipeline that ends in one exporter. */
const ending = (id: string, exporter: Config): Config => ({
    exporters: { [id]: exporter },
    service: { pipelines: { traces: { receivers: ["otlp"], exporters: [id] } } },
});

describe("how long a collector may take to stop: five seconds, and", () => {
    it.each<[string, string, Config, number]>([
        ["nothing for a file, which is written at once", "file/sink", { timeout: "9s" }, 0],
        ["nothing for what only shows", "debug", { timeout: "9s" }, 0],
        [
            "every attempt without a queue",
            "otlp_grpc",
            { timeout: "4s", retry_on_failure: { max_elapsed_time: "20s" } },
            24,
        ],
        [
            "every attempt with a queue in memory",
            "otlp_grpc",
            { timeout: "4s", retry_on_failure: { max_elapsed_time: "20s" }, sending_queue: { enabled: true } },
            24,
        ],
        [
            "one attempt with a queue on disk, where the rest is kept",
            "otlp_http",
            {
                timeout: "10s",
                retry_on_failure: { max_elapsed_time: "0s" },
                sending_queue: { storage: "file_storage" },
            },
            10,
        ],
        [
            "one gateway's deadline for a ring whose request has more time than that",
            "load_balancing",
            { timeout: "60s", protocol: { otlp: { timeout: "10s", retry_on_failure: { enabled: false } } } },
            10,
        ],
        [
            "the whole request's deadline for a ring that would retry for longer",
            "load_balancing/logs",
            { timeout: "8s", protocol: { otlp: { timeout: "6s", retry_on_failure: { max_elapsed_time: "45s" } } } },
            8,
        ],
        [
            "no longer for a gateway that is away, whose part is on disk",
            "load_balancing",
            { timeout: "60s", protocol: { otlp: { timeout: "45s", retry_on_failure: { max_elapsed_time: "45s" } } } },
            10,
        ],
        ["whole seconds", "otlp_grpc", { timeout: "1200ms", retry_on_failure: { enabled: false } }, 2],
    ])("%s", (_, id, exporter, seconds) => {
        expect(stopGraceSeconds(ending(id, exporter))).toBe(seconds + 5);
    });

    it("the slowest of several exporters", () => {
        const slow = { timeout: "30s", retry_on_failure: { enabled: false } };
        const quick = { ...slow, timeout: "1s" };
        const config = changed(ending("otlp_grpc/a", quick), "exporters.otlp_grpc/b", slow);
        expect(stopGraceSeconds(config)).toBe(6);
        const both = changed(config, "service.pipelines.traces.exporters", ["otlp_grpc/a", "otlp_grpc/b"]);
        expect(stopGraceSeconds(both)).toBe(35);
    });

    it("nothing at all for a configuration without pipelines", () => {
        expect(stopGraceSeconds({})).toBe(5);
        expect(stopGraceSeconds(only("exporters.otlp_grpc", {}))).toBe(5);
    });
});

describe("the configurations that ship", () => {
    const lb = (resolver: Resolver) =>
        loadBalancerConfig(shipped.loadBalancer(), {
            resolver,
            backends: { port: 4317, hosts: ["a"], sharedHost: "all", refresh: "1s", service: "all.telemetry" },
            routingKey: "traceID",
            routingAttributes: [],
        });

    it.each<[string, Config, number]>([
        ["an lb that waits for its gateways (static)", lb(Resolver.static), 10 + 5],
        ["an lb whose ring changes (dns)", lb(Resolver.dns), 10 + 5],
        ["an lb whose ring changes (k8s)", lb(Resolver.k8s), 10 + 5],
        ["a gateway", shipped.gateway(), 12],
        ["an external gateway with a file", shipped.externalGateway(), 5],
    ])("%s", (_, config, seconds) => {
        expect(stopGraceSeconds(config)).toBe(seconds);
    });

    it.each(["otlp_grpc/backend", "otlp_http/backend"])("an external gateway with %s", (id) => {
        const backend = section(shipped.externalGateway(), "exporters", id);
        const config = changed(ending(id, backend), "extensions", section(shipped.externalGateway(), "extensions"));
        expect(stopGraceSeconds(config)).toBe(15);
    });
});
