import { describe, expect, it } from "vitest";
import { type Config, printConfig } from "../../components/collector/config";
import { type Collector, collectorConfig } from "../../policy/collector";
import { collectorsOf } from "../../policy/collectors";
import { findingsIn } from "../../policy/findings";
import { chainsOf } from "../../policy/tiers";
import { soundTopology } from "../support/brokenTopologies";
import { stackOf } from "../support/collectorStacks";
import { changed } from "../support/configs";
import { container } from "../support/dockerResources";

const lb = (resolver: Config): Config => ({ exporters: { load_balancing: { resolver } } });
const sender = (endpoint: string, exporter = "otlp_grpc"): Config => ({
    exporters: { [exporter]: { endpoint } },
    service: { pipelines: { traces: { receivers: ["otlp"], exporters: [exporter] } } },
});
const collector = (name: string, config: Config, more: Partial<Collector> = {}): Collector => ({
    urn: name,
    name,
    config,
    hosts: [name],
    isReachable: true,
    ...more,
});

/** Each way through the tiers, by names. */
const ways = (...collectors: Collector[]) =>
    chainsOf(collectors).map(({ loadBalancer, gateway, externalGateway }) =>
        [loadBalancer?.name ?? "-", gateway?.name ?? "-", externalGateway?.name ?? "-"].join(" "),
    );

describe("which tier a collector is in", () => {
    const out = collector("out", sender("https://otlp.example.com:443"));
    const worker = (name: string) => collector(name, sender("out:4317"));

    it("follows from what sends to it", () => {
        const entry = collector("entry", lb({ static: { hostnames: ["a:4317", "b"] } }));
        const bystander = collector("bystander", sender("entry:4317"));
        expect(ways(out, worker("a"), bystander, worker("b"), entry)).toEqual(["entry a out", "entry b out"]);
    });

    it.each<[string, Config]>([
        ["static", { static: { hostnames: ["a:4317"] } }],
        ["dns", { dns: { hostname: "a" } }],
        ["k8s", { k8s: { service: "a" } }],
    ])("with %s", (_, resolver) => {
        expect(ways(collector("entry", lb(resolver)), worker("a"))).toEqual(["entry a -"]);
    });

    it.each(["otlp", "otlp_grpc", "otlphttp/vendor", "otlp_http"])("and a gateway sends on by %s", (exporter) => {
        const entry = collector("entry", lb({ dns: { hostname: "a" } }));
        expect(ways(entry, collector("a", sender("http://out:4318/v1", exporter)), out)).toEqual(["entry a out"]);
    });

    it("is not known of one that nobody names", () => {
        expect(ways(out, worker("a"))).toEqual([]);
    });

    it("is what a label says, whoever sends to it", () => {
        const gateway = collector("a", sender("out:4317"), { tier: "gateway" });
        const external = collector("alone", sender("elsewhere:1"), { tier: "externalGateway" });
        expect(ways(out, gateway, external)).toEqual(["- a out", "- - alone"]);
        const entry = collector("entry", lb({ dns: { hostname: "a" } }));
        expect(ways(entry, { ...gateway, tier: "externalGateway" })).toEqual(["entry - -", "- - a"]);
    });
});

describe("on Kubernetes a host may be spelled in several ways", () => {
    const entry = (hostname: string) =>
        collector("entry", lb({ dns: { hostname } }), { namespace: "telemetry", hosts: [] });
    const worker = collector("a", sender("b"), { hosts: ["workers.telemetry"] });

    it.each([
        "workers",
        "workers.telemetry",
        "workers.telemetry.svc",
        "workers.telemetry.svc.cluster.local",
        "a-0.workers",
    ])("%s", (host) => expect(ways(entry(host), worker)).toEqual(["entry a -"]));

    it.each(["workers.other", "other", "myworkers.telemetry", "workers.telemetry.example"])("%s is another", (host) =>
        expect(ways(entry(host), worker)).toEqual(["entry - -"]),
    );
});

describe("what a stack holds", () => {
    it("on Kubernetes is in ConfigMaps, with the Services and volumes of those that mount them", () => {
        const found = collectorsOf(stackOf());
        expect(found.map(({ name, hosts, volumes }) => ({ name, hosts, volumes }))).toEqual(
            [
                ["way-out", "way-out"],
                ["sampler", "workers"],
                ["entry", "otlp"],
            ].map(([name, service]) => ({
                name: `ConfigMap telemetry/${name}, relay.yaml`,
                hosts: [`${service}.telemetry`],
                volumes: [{ path: "/var/lib/otelcol", bytes: 64 * 2 ** 30 }],
            })),
        );
    });

    it("is in Secrets too, as text or as a cluster shows it", () => {
        const text = printConfig(soundTopology().gateway);
        const base = { metadata: { name: "s", namespace: "n", labels: { "app.kubernetes.io/component": "gateway" } } };
        const inSecret = (more: object) =>
            collectorsOf([{ type: "kubernetes:core/v1:Secret", urn: "u", props: { ...base, ...more } }]);
        const data = { config: Buffer.from(text).toString("base64") };
        const expected = [{ name: "Secret n/s, config", tier: "gateway", volumes: undefined }];
        expect(inSecret({ stringData: { config: text } })).toMatchObject(expected);
        expect(inSecret({ data })).toMatchObject(expected);
        expect(inSecret({ data, stringData: { config: text } })).toMatchObject(expected);
    });

    it("on Docker is in the uploads of containers, with their names, labels and volumes", () => {
        const content = printConfig(soundTopology().externalGateway);
        const props = {
            name: "shop-out",
            hostname: "out",
            networksAdvanced: [{ name: "n", aliases: ["way-out"] }],
            labels: [{ label: "app.kubernetes.io/component", value: "external-gateway" }],
            volumes: [{ volumeName: "v", containerPath: "/var/lib/otelcol" }],
            mounts: [
                { type: "tmpfs", target: "/tmp" },
                { type: "bind", target: "/data" },
            ],
        };
        const uploads = [
            { file: "/motd", content: "hello" },
            { file: "/etc/c.yaml", content },
        ];
        const encoded = [{ file: "/etc/c.yaml", content: "", contentBase64: Buffer.from(content).toString("base64") }];
        for (const given of [uploads, encoded])
            expect(collectorsOf([{ type: container, urn: "u", props: { ...props, uploads: given } }])).toMatchObject([
                {
                    name: "container shop-out, /etc/c.yaml",
                    hosts: ["shop-out", "out", "way-out"],
                    tier: "externalGateway",
                    volumes: [{ path: "/var/lib/otelcol" }, { path: "/data" }],
                },
            ]);
    });

    it("or in a volume that a container carries it into for others", () => {
        const content = printConfig(soundTopology().gateway);
        const at = (volumeName: string, containerPath: string, readOnly = false) => ({
            volumeName,
            containerPath,
            readOnly,
        });
        const carrier = {
            name: "carrier",
            volumes: [at("files", "/etc/otelcol")],
            uploads: [{ file: "/etc/otelcol/c.yaml", content }],
        };
        const worker = (name: string) => ({ name, volumes: [at("files", "/etc/otelcol", true), at(name, "/data")] });
        const stack = [carrier, worker("a"), worker("b"), { name: "c", volumes: [at("c", "/etc/otelcol")] }];
        expect(collectorsOf(stack.map((props) => ({ type: container, urn: props.name, props })))).toMatchObject([
            { urn: "carrier", hosts: ["a", "b"], volumes: [{ path: "/data" }, { path: "/data" }] },
        ]);
    });

    it.each([undefined, 5, "", "pipelines: [", "service: { pipelines: {} }", "a: pipelines"])(
        "%j is no collector's configuration",
        (text) => expect(collectorConfig(text)).toBeUndefined(),
    );
});

describe("a queue", () => {
    const lbOn = (volumes: Collector["volumes"]) =>
        findingsIn([collector("entry", soundTopology().loadBalancer, { volumes })]).map(({ rule }) => rule);

    it("may be anywhere where nobody knows the workload", () => {
        const elsewhere = changed(soundTopology().loadBalancer, "extensions.file_storage/queue.directory", "/queue");
        expect(findingsIn([collector("entry", elsewhere)])).toEqual([]);
    });

    it("is on a volume of the workload that there is", () => {
        expect(lbOn([{ path: "/data" }, { path: "/var/lib/otelcol" }])).toEqual([]);
        expect(lbOn([{ path: "/data" }])).toEqual(["custody/lb-queue-on-disk"]);
        expect(lbOn([])).toEqual(["custody/lb-queue-on-disk"]);
    });
});
