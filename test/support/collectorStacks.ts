import { printConfig } from "../../components/collector/config";
import type { Tier, Topology } from "../../components/collector/topology";
import { changed } from "./configs";
import { soundTopology } from "./brokenTopologies";
import type { Sent } from "./policyPack";

const namespace = "telemetry";

/** Where the tiers send to, as a cluster's other people might write it. */
const wired = (topology: Topology): Topology => ({
    loadBalancer: changed(topology.loadBalancer, "exporters", {
        load_balancing: { resolver: { static: null, k8s: { service: "workers.telemetry" } } },
        "load_balancing/logs": { resolver: { static: null, dns: { hostname: "workers" } } },
        "load_balancing/metrics": { resolver: { static: { hostnames: ["sampler-0.workers.telemetry.svc:4317"] } } },
    }),
    gateway: changed(
        topology.gateway,
        "exporters.otlp_grpc/external.endpoint",
        "way-out.telemetry.svc.cluster.local:4317",
    ),
    externalGateway: topology.externalGateway,
});

const names = { loadBalancer: "entry", gateway: "sampler", externalGateway: "way-out" };
const services = { loadBalancer: "otlp", gateway: "workers", externalGateway: "way-out" };

const urnOf = (kind: string, name: string) => `urn:pulumi:prod::shop::kubernetes:${kind}::${name}`;

/** The URN of the resource that holds a tier's configuration. */
export const urnOfTier = (tier: Tier) => urnOf("core/v1:ConfigMap", names[tier]);

function tierOn(tier: Tier, text: string): Sent[] {
    const app = names[tier];
    const metadata = (name: string) => ({ name, namespace });
    const resource = (kind: string, name: string, props: object): Sent => ({
        type: `kubernetes:${kind}`,
        urn: urnOf(kind, name),
        props: { metadata: metadata(name), ...props },
    });
    return [
        resource("core/v1:ConfigMap", app, { data: { "relay.yaml": text, "notes.txt": "pipelines: [" } }),
        resource("core/v1:Service", services[tier], { spec: { selector: { app } } }),
        resource("apps/v1:StatefulSet", app, {
            spec: {
                template: {
                    metadata: { labels: { app, team: "telemetry" } },
                    spec: {
                        containers: [{ name: "c", volumeMounts: [{ name: "queue", mountPath: "/var/lib/otelcol" }] }],
                        volumes: [{ name: "config", configMap: { name: app } }],
                    },
                },
                volumeClaimTemplates: [
                    { metadata: { name: "queue" }, spec: { resources: { requests: { storage: "64Gi" } } } },
                ],
            },
        }),
    ];
}

/** Somebody's three tiers on Kubernetes, with no name or label that is this project's. */
export function stackOf(topology: Topology = soundTopology()): Sent[] {
    const whole = wired(topology);
    const tiers = ["externalGateway", "gateway", "loadBalancer"] as const;
    return tiers.flatMap((tier) => tierOn(tier, printConfig(whole[tier])));
}
