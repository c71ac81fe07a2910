import { describe, expect, it } from "vitest";
import { at, section } from "../../components/collector/config";
import {
    loadBalancerConfig,
    type LoadBalancerFacts,
    loadBalancingExporters,
} from "../../components/collector/loadBalancer";
import { changed, shipped } from "../support/configs";

const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];

function facts(over: Partial<LoadBalancerFacts> = {}, gateways = 3): LoadBalancerFacts {
    const hosts = Array.from({ length: gateways }, (_, index) => `gateway-${index + 1}`);
    return {
        resolver: "static",
        backends: { port: 4317, hosts, sharedHost: "gateway", refresh: "250ms", service: "gateway.telemetry" },
        routingKey: "traceID",
        routingAttributes: [],
        ...over,
    };
}

const render = (over?: Partial<LoadBalancerFacts>, gateways?: number) =>
    loadBalancerConfig(shipped.loadBalancer(), facts(over, gateways));

describe("every load_balancing exporter", () => {
    it("is found by its type, under its old name too", () => {
        const config = { exporters: { "loadbalancing/old": {}, load_balancing: {}, otlp_grpc: {}, load_balancer: {} } };
        expect(loadBalancingExporters(config)).toEqual(["loadbalancing/old", "load_balancing"]);
    });

    it.each(rings)("%s has the resolver", (id) => {
        const exporter = section(render(), "exporters", id);
        expect(exporter.resolver).toEqual({
            static: { hostnames: ["gateway-1:4317", "gateway-2:4317", "gateway-3:4317"] },
        });
    });

    it("has one resolver only, whichever the file had before", () => {
        for (const id of rings) {
            expect(Object.keys(section(render({ resolver: "dns" }), "exporters", id, "resolver"))).toEqual(["dns"]);
        }
    });

    it("keeps everything else of its file", () => {
        const before = shipped.loadBalancer();
        const after = render();
        expect(after.receivers).toEqual(before.receivers);
        expect(after.service).toEqual(before.service);
        expect(at(after, "exporters", "load_balancing", "sending_queue", "num_consumers")).toBe(50);
    });
});

describe("the ring's mode follows from the resolver", () => {
    it.each(rings)("static keeps affinity in %s: it waits for a gateway that is away", (id) => {
        const before = section(shipped.loadBalancer(), "exporters", id);
        const after = section(render(), "exporters", id);
        expect(after.timeout).toBe("60s");
        expect(at(after, "protocol", "otlp", "retry_on_failure", "enabled")).toBe(true);
        expect(after.protocol).toEqual(before.protocol);
    });

    it.each(["dns", "k8s"] as const)("%s waits for a gateway that is away as long as static does", (resolver) => {
        for (const id of rings) {
            const [exporter, patient] = [resolver, "static" as const].map((one) =>
                section(render({ resolver: one }), "exporters", id),
            );
            expect(exporter).toEqual({ ...patient, resolver: exporter?.resolver });
        }
    });

    it.each(["dns", "k8s"] as const)("with %s the number of gateways changes nothing", (resolver) => {
        expect(render({ resolver }, 50)).toEqual(render({ resolver }, 1));
    });

    it("with static the number of gateways is in the ring", () => {
        expect(render({}, 4)).not.toEqual(render({}, 3));
    });
});

describe("the routing key", () => {
    it("is that of the traces exporter, and of no other", () => {
        const config = render({ routingKey: "service" });
        expect(at(config, "exporters", "load_balancing", "routing_key")).toBe("service");
        expect(at(config, "exporters", "load_balancing/logs", "routing_key")).toBe("traceID");
        expect(at(config, "exporters", "load_balancing/metrics", "routing_key")).toBe("resource");
    });

    it("comes with its attributes, in the traces exporter only", () => {
        const config = render({ routingKey: "attributes", routingAttributes: ["tenant", "region"] });
        expect(at(config, "exporters", "load_balancing", "routing_key")).toBe("attributes");
        expect(at(config, "exporters", "load_balancing", "routing_attributes")).toEqual(["tenant", "region"]);
        expect(at(config, "exporters", "load_balancing/logs", "routing_attributes")).toBeUndefined();
        expect(at(config, "exporters", "load_balancing/metrics", "routing_attributes")).toBeUndefined();
    });

    it("brings no attributes when it does not go by them", () => {
        expect(at(render(), "exporters", "load_balancing", "routing_attributes")).toBeUndefined();
    });

    it("needs a load_balancing exporter in the traces pipeline", () => {
        const config = changed(shipped.loadBalancer(), "service.pipelines.traces.exporters", ["otlp_grpc"]);
        expect(() => loadBalancerConfig(config, facts())).toThrow(
            'service.pipelines.traces.exporters is ["otlp_grpc"]; allowed: a load_balancing exporter',
        );
    });
});
