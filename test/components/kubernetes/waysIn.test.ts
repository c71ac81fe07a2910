import type { V1Ingress, V1Service } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Keys, objectsOf, runOnKubernetes } from "../../support/kubernetesStack";

vi.mock("node:timers/promises", async (original) => ({
    ...(await original<typeof import("node:timers/promises")>()),
    setTimeout: (milliseconds: number) => {
        vi.setSystemTime(Date.now() + milliseconds);
        return new Promise((resolve) => setImmediate(resolve));
    },
}));

const skipAwait = { "pulumi.com/skipAwait": "true" };
const selector = (name: string) => ({
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/part-of": "otel-collector-tiers-test",
});
const grpc = { name: "grpc", port: 4317, targetPort: "grpc", appProtocol: "kubernetes.io/h2c" };
const encryptedGrpc = { ...grpc, appProtocol: "https" };
const http = { name: "http", port: 4318, targetPort: "http", appProtocol: "http" };

const serviceWith = async (keys: Keys, name = "load-balancer") =>
    (await runOnKubernetes(keys)).object<V1Service>("Service", name);

describe("a Service", () => {
    it("leads clients to any lb, and to neither metrics nor health", async () => {
        expect((await serviceWith({})).spec).toEqual({
            type: "ClusterIP",
            selector: selector("load-balancer"),
            ports: [grpc, http],
        });
    });

    it("of the gateways has no address of its own: lbs choose one themselves", async () => {
        expect((await serviceWith({}, "gateway")).spec).toEqual({
            type: "ClusterIP",
            clusterIP: "None",
            selector: selector("gateway"),
            ports: [encryptedGrpc],
        });
    });

    it("of the external gateway leads gateways to it", async () => {
        expect((await serviceWith({}, "external-gateway")).spec).toEqual({
            type: "ClusterIP",
            selector: selector("external-gateway"),
            ports: [encryptedGrpc],
        });
    });

    it.each(["gateway", "external-gateway"])("of the %s says that it is plain gRPC without mTLS", async (name) => {
        expect((await serviceWith({ mtls: "off" }, name)).spec?.ports).toEqual([grpc]);
    });

    it("of the lbs says that clients encrypt, where they do, whatever goes on between the tiers", async () => {
        const encrypted = [encryptedGrpc, { ...http, appProtocol: "https" }];
        const keys = { clientTls: "generated", mtls: "off", waived: ["ingress/knows-its-clients"] };
        expect((await serviceWith(keys)).spec?.ports).toEqual(encrypted);
    });

    const outward = {
        serviceType: "LoadBalancer",
        serviceAnnotations: { "cloud.example/internal": "true" },
        trafficDistribution: "PreferClose",
    };

    it("is of the type that is set, with its annotations and preferences", async () => {
        const { metadata, spec } = await serviceWith(outward);
        expect(metadata?.annotations).toEqual({ ...skipAwait, "cloud.example/internal": "true" });
        expect(spec).toMatchObject({ type: "LoadBalancer", trafficDistribution: "PreferClose" });
    });

    it.each(["gateway", "external-gateway"])("of the %s stays inside, whatever that of the lbs is", async (name) => {
        expect(await serviceWith(outward, name)).toEqual(await serviceWith({}, name));
    });
});

describe("an Ingress", () => {
    const waysWith = async (keys: Keys, kind: string) => {
        const { engine } = await runOnKubernetes(keys);
        return objectsOf(engine).filter(({ inputs }) => inputs.kind === kind);
    };

    it("is none unless it is asked for", async () => {
        for (const kind of ["Ingress", "HTTPRoute", "GRPCRoute"]) expect(await waysWith({}, kind)).toEqual([]);
    });

    it("leads a host of each protocol to its port of the lbs", async () => {
        const ingress = {
            httpHost: "otlp.example.com",
            grpcHost: "grpc.example.com",
            className: "nginx",
            tlsSecret: "certificate",
            annotations: { "nginx.example/size": "16m" },
        };
        const { object } = await runOnKubernetes({ ingress });
        const [overGrpc, overHttp] = ["grpc", "http"].map((port) =>
            object<V1Ingress>("Ingress", `load-balancer-${port}`),
        );
        const specOf = (host: string, number: number) => ({
            ingressClassName: "nginx",
            tls: [{ hosts: [host], secretName: "certificate" }],
            rules: [
                {
                    host,
                    http: {
                        paths: [
                            {
                                path: "/",
                                pathType: "Prefix",
                                backend: { service: { name: "load-balancer", port: { number } } },
                            },
                        ],
                    },
                },
            ],
        });
        expect(overGrpc?.spec).toEqual(specOf("grpc.example.com", 4317));
        expect(overHttp?.spec).toEqual(specOf("otlp.example.com", 4318));
        expect(overHttp?.metadata?.annotations).toEqual({ ...skipAwait, "nginx.example/size": "16m" });
    });

    it.each([
        [{ httpHost: "a.example" }, ["load-balancer-http"]],
        [{ grpcHost: "a.example" }, ["load-balancer-grpc"]],
    ])("with %j is for that protocol alone, without class and TLS", async (ingress, names) => {
        const ways = await waysWith({ ingress }, "Ingress");
        expect(ways.map(({ name }) => name)).toEqual(names);
        expect(Object.keys(ways[0]?.inputs.spec as object)).toEqual(["rules"]);
    });

    it.each([
        ["public", [{ name: "public" }]],
        ["edge/public", [{ name: "public", namespace: "edge" }]],
    ])("may be routes on the Gateway %s", async (gateway, parentRefs) => {
        const routes = { gateway, httpHost: "otlp.example.com", grpcHost: "grpc.example.com" };
        const { object } = await runOnKubernetes({ routes });
        const route = (host: string, port: number) => ({
            apiVersion: "gateway.networking.k8s.io/v1",
            spec: { parentRefs, hostnames: [host], rules: [{ backendRefs: [{ name: "load-balancer", port }] }] },
        });
        expect(object("HTTPRoute", "load-balancer-http")).toMatchObject(route("otlp.example.com", 4318));
        expect(object("GRPCRoute", "load-balancer-grpc")).toMatchObject(route("grpc.example.com", 4317));
    });
});

describe("where clients send", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
    afterEach(() => void vi.useRealTimers());

    const addressesOf = async (keys: Keys, preview: boolean, ingress?: { ip?: string; hostname?: string }[]) => {
        let asked = 0;
        const service = (name: string) => {
            asked += 1;
            const answer: V1Service = { metadata: { name }, status: { loadBalancer: { ingress } } };
            return asked > 2 ? answer : undefined;
        };
        const { outputs } = await runOnKubernetes(keys, { preview, service });
        return [...outputs.grpc, ...outputs.http];
    };
    const inside = [
        "load-balancer.otel-collector-tiers.svc:4317",
        "http://load-balancer.otel-collector-tiers.svc:4318",
    ];

    it("is the name of the Service in the cluster", async () => {
        expect(await addressesOf({}, false)).toEqual(inside);
    });

    it("is a port of any node with NodePort, once there is one", async () => {
        expect(await addressesOf({ serviceType: "NodePort" }, false)).toEqual(["<node>:34317", "http://<node>:34318"]);
    });

    it.each([
        [[{ hostname: "lb.cloud.example" }], "lb.cloud.example"],
        [[{ ip: "203.0.113.7" }], "203.0.113.7"],
    ])("is what the cloud says with LoadBalancer, once it does: %j", async (ingress, host) => {
        const addresses = await addressesOf({ serviceType: "LoadBalancer" }, false, ingress);
        expect(addresses).toEqual([`${host}:4317`, `http://${host}:4318`]);
    });

    it("is not waited for in a preview", async () => {
        expect(await addressesOf({ serviceType: "LoadBalancer" }, true)).toEqual(inside);
    });

    it("is refused when the cloud gives no address", async () => {
        await expect(addressesOf({ serviceType: "LoadBalancer" }, false, [])).rejects.toThrow(
            "the Service load-balancer of type LoadBalancer got no address within 100 s: " +
                "see its events for the cluster's reason, or set serviceType to ClusterIP or NodePort",
        );
    });
});
