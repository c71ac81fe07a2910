import { describe, expect, it } from "vitest";
import { type Backends, resolverConfig } from "../../components/collector/resolver";
import { InvalidInput } from "../../components/errors";

const backends: Backends = {
    port: 4317,
    hosts: ["gateway-1", "gateway-2"],
    sharedHost: "gateway",
    refresh: "250ms",
};

describe("the resolver block", () => {
    it("static: every gateway's own name, with its port", () => {
        expect(resolverConfig("static", backends)).toEqual({
            static: { hostnames: ["gateway-1:4317", "gateway-2:4317"] },
        });
    });

    it("static: refused where a scaler decides how many gateways there are", () => {
        expect(() => resolverConfig("static", { ...backends, hosts: [] })).toThrow(
            new InvalidInput(
                'resolver is "static"; allowed: dns or k8s, because a scaler decides how many gateways there are',
            ),
        );
    });

    it("dns: the shared name, the port as text, and how often to ask", () => {
        expect(resolverConfig("dns", backends)).toEqual({
            dns: { hostname: "gateway", port: "4317", interval: "250ms", timeout: "1s" },
        });
    });

    it("dns: the same for any number of gateways, so that scaling leaves the lbs alone", () => {
        const more = { ...backends, hosts: [...backends.hosts, "gateway-3"] };
        expect(resolverConfig("dns", more)).toEqual(resolverConfig("dns", backends));
    });

    it("k8s: the Service and the port as a number", () => {
        expect(resolverConfig("k8s", { ...backends, service: "gateway.observability" })).toEqual({
            k8s: { service: "gateway.observability", ports: [4317] },
        });
    });

    it("k8s: refused where the gateways have no Service", () => {
        expect(() => resolverConfig("k8s", backends)).toThrow(
            new InvalidInput(
                'resolver is "k8s"; allowed: static or dns, because these gateways have no Kubernetes Service',
            ),
        );
    });
});
