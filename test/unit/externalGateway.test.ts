import { describe, expect, it } from "vitest";
import { at, list, section } from "../../components/collector/config";
import { type BackendFacts, externalGatewayConfig } from "../../components/collector/externalGateway";
import { changed, shipped } from "../support/configs";

function backend(over: Partial<BackendFacts> = {}): BackendFacts {
    return {
        name: "vendor",
        endpoint: "https://otlp.example.com:4317",
        protocol: "grpc",
        signals: ["traces", "logs", "metrics"],
        headers: {},
        ...over,
    };
}

const render = (...backends: BackendFacts[]) => externalGatewayConfig(shipped.externalGateway(), backends);
const exporterIds = (...backends: BackendFacts[]) => Object.keys(section(render(...backends), "exporters")).sort();
const exportersOf = (pipeline: string, ...backends: BackendFacts[]) =>
    list(render(...backends), "service", "pipelines", pipeline, "exporters");

const withoutBackend = render();

describe("without a backend", () => {
    it.each(["traces", "logs", "metrics"])("%s end in the sink", (signal) => {
        expect(list(withoutBackend, "service", "pipelines", signal, "exporters")).toEqual(["file/sink"]);
    });

    it("the templates are gone", () => {
        expect(exporterIds()).toEqual(["file/sink", "prometheus/verify"]);
    });
});

describe("one backend", () => {
    it.each(["traces", "logs", "metrics"])("stands where the sink of %s stood", (signal) => {
        expect(exportersOf(signal, backend())).toEqual(["otlp_grpc/vendor"]);
    });

    it("leaves neither templates nor sink behind", () => {
        expect(exporterIds(backend())).toEqual(["otlp_grpc/vendor", "prometheus/verify"]);
    });

    it("leaves the tap alone", () => {
        expect(exportersOf("traces/verify", backend())).toEqual(["span_metrics/verify"]);
        expect(exportersOf("metrics/verify", backend())).toEqual(["prometheus/verify"]);
    });

    it("has the template's endless retry and its queue on disk", () => {
        const template = section(shipped.externalGateway(), "exporters", "otlp_grpc/backend");
        const exporter = section(render(backend()), "exporters", "otlp_grpc/vendor");
        expect(exporter.retry_on_failure).toEqual(template.retry_on_failure);
        expect(exporter.sending_queue).toEqual(template.sending_queue);
    });
});

describe("a backend over gRPC", () => {
    it.each([
        ["https://otlp.example.com:4317", "otlp.example.com:4317", false],
        ["http://jaeger:4317", "jaeger:4317", true],
        ["https://otlp.example.com", "otlp.example.com:443", false],
        ["https://otlp.example.com:443/", "otlp.example.com:443", false],
        ["http://jaeger", "jaeger:80", true],
        ["http://jaeger:80", "jaeger:80", true],
        ["http://[::1]:4317", "[::1]:4317", true],
    ])("%s is the target %s, insecure: %s", (endpoint, target, insecure) => {
        const exporter = section(render(backend({ endpoint })), "exporters", "otlp_grpc/vendor");
        expect(exporter.endpoint).toBe(target);
        expect(exporter.tls).toEqual({ insecure });
    });
});

describe("a backend over HTTP", () => {
    it.each(["https://otlp.example.com/otlp", "http://jaeger:4318"])("%s is the target as it stands", (endpoint) => {
        const exporter = section(render(backend({ endpoint, protocol: "http" })), "exporters", "otlp_http/vendor");
        expect(exporter.endpoint).toBe(endpoint);
        expect(exporter.tls).toBeUndefined();
    });
});

describe("headers", () => {
    it("are those of their backend", () => {
        const config = render(
            backend({ headers: { "api-key": "SECRET" } }),
            backend({ name: "other", protocol: "http", headers: { "x-tenant": "one" } }),
        );
        expect(at(config, "exporters", "otlp_grpc/vendor", "headers")).toEqual({ "api-key": "SECRET" });
        expect(at(config, "exporters", "otlp_http/other", "headers")).toEqual({ "x-tenant": "one" });
    });

    it("are left out where there are none", () => {
        expect(section(render(backend()), "exporters", "otlp_grpc/vendor")).not.toHaveProperty("headers");
    });
});

describe("two backends", () => {
    const two = [backend(), backend({ name: "jaeger", endpoint: "http://jaeger:4317" })];

    it("both get every signal", () => {
        for (const signal of ["traces", "logs", "metrics"]) {
            expect(exportersOf(signal, ...two)).toEqual(["otlp_grpc/vendor", "otlp_grpc/jaeger"]);
        }
    });

    it("each get the signals they take, and the sink what nobody takes", () => {
        const backends = [
            backend({ signals: ["traces"] }),
            backend({ name: "logs", protocol: "http", signals: ["traces", "logs"] }),
        ];
        expect(exportersOf("traces", ...backends)).toEqual(["otlp_grpc/vendor", "otlp_http/logs"]);
        expect(exportersOf("logs", ...backends)).toEqual(["otlp_http/logs"]);
        expect(exportersOf("metrics", ...backends)).toEqual(["file/sink"]);
        expect(exporterIds(...backends)).toEqual([
            "file/sink",
            "otlp_grpc/vendor",
            "otlp_http/logs",
            "prometheus/verify",
        ]);
    });
});

describe("a backend that bears the template's name", () => {
    it("is kept, and is that backend", () => {
        const config = render(backend({ name: "backend", endpoint: "http://backend:14317" }));
        expect(at(config, "exporters", "otlp_grpc/backend", "endpoint")).toBe("backend:14317");
        expect(Object.keys(section(config, "exporters"))).not.toContain("otlp_http/backend");
    });
});

it("a configuration without the template for a backend is refused", () => {
    const config = changed(shipped.externalGateway(), "exporters.otlp_http/backend", null);
    expect(() => externalGatewayConfig(config, [backend({ protocol: "http" })])).toThrow(
        'exporters is ["prometheus/verify","file/sink","otlp_grpc/backend"]; ' +
            "allowed: an exporter named otlp_http/backend",
    );
});
