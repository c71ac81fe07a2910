import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../components/errors";
import { checkKeys } from "../../components/settingsSchema";
import { defaultKeys } from "../support/stackSettings";

const check = (keys: Record<string, unknown>) => checkKeys({ ...defaultKeys, ...keys });
const backend = (over: Record<string, unknown> = {}) => ({ endpoint: "https://otlp.example.com:4317", ...over });

const gateways = "a whole number from 1 to 100";
const url = 'a URL, as in "https://otlp.example.com:4317"';
const memory = 'at least 64Mi, as in "512Mi" or "2Gi"';
const disk = 'a size, as in "512Mi" or "10Gi"';
const cpu = '"0" for no limit, or cores as in "2", "0.5" or "500m"';
const port = "a whole number from 1 to 65535";
const ownPort = "a port of its own for every listener of every lb and for the tap";
const image = "an image, and where it has an @, sha256: and 64 hexadecimal digits after it";
const hex = "0123456789abcdef".repeat(4);
const overrides = "a mapping laid over the collector's configuration";

describe("a bad value is refused in one exact sentence", () => {
    it.each<[Record<string, unknown>, string]>([
        [{ platform: "nomad" }, 'platform is "nomad"; allowed: docker, kubernetes'],
        [{ platform: undefined }, "platform is not set; allowed: docker, kubernetes"],
        [{ resolver: "consul" }, 'resolver is "consul"; allowed: static, dns, k8s'],
        [{ resolver: "k8s" }, 'resolver is "k8s"; allowed: static or dns, because the platform is docker'],
        [{ gateways: 0 }, `gateways is 0; allowed: ${gateways}`],
        [{ gateways: -1 }, `gateways is -1; allowed: ${gateways}`],
        [{ gateways: 2.5 }, `gateways is 2.5; allowed: ${gateways}`],
        [{ gateways: "three" }, `gateways is "three"; allowed: ${gateways}`],
        [{ gateways: "3" }, `gateways is "3"; allowed: ${gateways}`],
        [{ gateways: 100_000 }, `gateways is 100000; allowed: ${gateways}`],
        [{ gateways: null }, `gateways is null; allowed: ${gateways}`],
        [{ loadBalancers: 0 }, "loadBalancers is 0; allowed: a whole number from 1 to 16"],
        [{ loadBalancers: 17 }, "loadBalancers is 17; allowed: a whole number from 1 to 16"],
        [{ image: "" }, 'image is ""; allowed: a text'],
        ...[
            "a:1@sha256",
            "a:1@sha256:",
            `a:1@sha256:${hex.slice(1)}`,
            `a:1@sha256:${hex}0`,
            `a:1@sha256:${hex.toUpperCase()}`,
            `a:1@${hex}`,
            `a:1@md5:${hex}`,
            `a@b@sha256:${hex}`,
            `@sha256:${hex}`,
            "a b",
        ].flatMap((value): [Record<string, unknown>, string][] => [
            [{ image: value }, `image is "${value}"; allowed: ${image}`],
            [{ generatorImage: value }, `generatorImage is "${value}"; allowed: ${image}`],
        ]),
        [{ generatorImage: 7 }, "generatorImage is 7; allowed: a text"],
        [{ bindAddress: "localhost" }, 'bindAddress is "localhost"; allowed: an IPv4 address'],
        [{ bindAddress: "::1" }, 'bindAddress is "::1"; allowed: an IPv4 address'],
        [{ grpcPorts: [] }, "grpcPorts is []; allowed: at least one port"],
        [{ grpcPorts: 4317 }, "grpcPorts is 4317; allowed: a list of ports, one for each lb or the first of them"],
        [{ httpPorts: [0] }, `httpPorts[0] is 0; allowed: ${port}`],
        [{ metricsPorts: [8888, 65_536] }, `metricsPorts[1] is 65536; allowed: ${port}`],
        [{ grpcPorts: [1, 2] }, "grpcPorts is [1,2]; allowed: one port, or 1, one for each lb"],
        [
            { loadBalancers: 3, httpPorts: [4318, 5318] },
            "httpPorts is [4318,5318]; allowed: one port, or 3, one for each lb",
        ],
        [{ tapPort: 65_536 }, `tapPort is 65536; allowed: ${port}`],
        [{ httpPorts: [4317] }, `a published port is 4317; allowed: ${ownPort}`],
        [{ tapPort: 8888 }, `a published port is 8888; allowed: ${ownPort}`],
        [{ loadBalancers: 2, grpcPorts: [5000, 5000] }, `a published port is 5000; allowed: ${ownPort}`],
        [{ loadBalancers: 2, httpPorts: [4319] }, `a published port is 4319; allowed: ${ownPort}`],
        [{ routingKey: "spanID" }, 'routingKey is "spanID"; allowed: traceID, service, attributes'],
        [
            { waived: "custody/lb-queue-on-disk" },
            'waived is "custody/lb-queue-on-disk"; allowed: a list of the ids of rules',
        ],
        [
            { waived: ["topology/limits-grow", "custody/lb-queue-disk"] },
            'waived[1] is "custody/lb-queue-disk"; allowed: the id of a rule, such as custody/lb-queue-on-disk, ' +
                "custody/lb-queue-in-bytes, custody/lb-one-resolver",
        ],
        [
            { routingAttributes: ["tenant"] },
            'routingAttributes is ["tenant"]; allowed: none, unless routingKey is attributes',
        ],
        [
            { routingKey: "attributes" },
            "routingAttributes is []; allowed: at least one name, because routingKey is attributes",
        ],
        [{ routingAttributes: "tenant" }, 'routingAttributes is "tenant"; allowed: a list of attribute names'],
        [{ backends: "none" }, 'backends is "none"; allowed: a list of backends'],
        [{ backends: [{}] }, "backends[0].endpoint is not set; allowed: a URL"],
        [
            { backends: [backend(), backend({ endpoint: "otlp.example.com:4317" })] },
            `backends[1].endpoint is "otlp.example.com:4317"; allowed: ${url}`,
        ],
        [
            { backends: [backend({ endpoint: "ftp://example.com" })] },
            `backends[0].endpoint is "ftp://example.com"; allowed: ${url}`,
        ],
        ...["http://localhost:4317", "https://127.0.0.1", "http://[::1]:4318"].map(
            (endpoint): [Record<string, unknown>, string] => [
                { backends: [backend(), backend({ endpoint })] },
                `backends[1].endpoint is "${endpoint}"; allowed: ` +
                    "an address outside the container; this machine is host.docker.internal",
            ],
        ),
        [
            { platform: "kubernetes", backends: [backend({ endpoint: "http://localhost:4317" })] },
            'backends[0].endpoint is "http://localhost:4317"; allowed: an address outside the pod',
        ],
        [{ backends: [backend({ protocol: "udp" })] }, 'backends[0].protocol is "udp"; allowed: grpc, http'],
        [
            { backends: [backend({ signals: ["traces", "spans"] })] },
            'backends[0].signals[1] is "spans"; allowed: traces, logs, metrics',
        ],
        [
            { backends: [backend({ signals: [] })] },
            "backends[0].signals is []; allowed: a list of traces, logs, metrics",
        ],
        [
            { backends: [backend({ name: "a/b" })] },
            'backends[0].name is "a/b"; allowed: letters, digits, dots, dashes and underscores',
        ],
        [{ backends: [backend({ headers: { key: 5 } })] }, 'backends[0].headers.key is "(hidden)"; allowed: a text'],
        [{ generator: "yes" }, 'generator is "yes"; allowed: true or false'],
        [{ generatorRate: 0 }, "generatorRate is 0; allowed: a whole number from 1 to 10000"],
        [{ generatorRate: 10_001 }, "generatorRate is 10001; allowed: a whole number from 1 to 10000"],
        [{ loadBalancerMemory: "12" }, `loadBalancerMemory is "12"; allowed: ${memory}`],
        [{ gatewayMemory: "32Mi" }, `gatewayMemory is "32Mi"; allowed: ${memory}`],
        [{ externalGatewayMemory: "1G" }, `externalGatewayMemory is "1G"; allowed: ${memory}`],
        [{ loadBalancerCpu: "x" }, `loadBalancerCpu is "x"; allowed: ${cpu}`],
        [{ gatewayCpu: "-1" }, `gatewayCpu is "-1"; allowed: ${cpu}`],
        [{ externalGatewayCpu: "half" }, `externalGatewayCpu is "half"; allowed: ${cpu}`],
        [{ size: "tiny" }, 'size is "tiny"; allowed: small, medium, large'],
        [{ loadBalancerCpuRequest: "x" }, `loadBalancerCpuRequest is "x"; allowed: ${cpu}`],
        [{ gatewayCpuRequest: 1 }, "gatewayCpuRequest is 1; allowed: a text"],
        [{ externalGatewayCpuRequest: "" }, 'externalGatewayCpuRequest is ""; allowed: a text'],
        [{ loadBalancerQueue: 20_000 }, "loadBalancerQueue is 20000; allowed: a text"],
        [{ loadBalancerQueue: "20000" }, `loadBalancerQueue is "20000"; allowed: ${disk}`],
        [{ externalGatewayQueue: "size" }, `externalGatewayQueue is "size"; allowed: ${disk}`],
        [{ loadBalancerOverrides: "x" }, `loadBalancerOverrides is "x"; allowed: ${overrides}`],
        [{ gatewayOverrides: [] }, `gatewayOverrides is []; allowed: ${overrides}`],
        [{ externalGatewayOverrides: 5 }, `externalGatewayOverrides is 5; allowed: ${overrides}`],
    ])("%j", (keys, sentence) => {
        expect(() => check(keys)).toThrow(new InvalidInput(sentence));
    });

    it("an unknown key in a backend is named", () => {
        expect(() => check({ backends: [backend({ url: "x" })] })).toThrow(InvalidInput);
        expect(() => check({ backends: [backend({ url: "x" })] })).toThrow(
            /backends\[0\] is a mapping of .*url; allowed: a mapping with endpoint/,
        );
    });

    it.each<Record<string, unknown>>([
        { backends: ["https://otlp.example.com:4317"] },
        { backends: [backend({ signals: "traces" })] },
        { backends: [backend({ name: 5 })] },
        { backends: [backend({ headers: "api-key=x" })] },
        { backends: [backend({ url: "x" })] },
    ])("the sentence for %j says what is allowed, in this project's words", (keys) => {
        expect(() => check(keys)).toThrow(InvalidInput);
        expect(() => check(keys)).not.toThrow(/Invalid input|Unrecognized key/);
    });

    it.each<Record<string, unknown>>([
        { backends: [backend({ headers: { "api-key": "SECRET" }, url: "x" })] },
        { backends: backend({ headers: { "api-key": "SECRET" } }) },
        { backends: [backend({ headers: ["SECRET"] })] },
    ])("no sentence tells a header's value: %j", (keys) => {
        expect(() => check(keys)).toThrow(InvalidInput);
        expect(() => check(keys)).not.toThrow(/SECRET/);
    });

    it("a port beyond the last one is refused, also when it follows from the first", () => {
        expect(() => check({ loadBalancers: 2, grpcPorts: [65_535] })).toThrow(InvalidInput);
    });
});

describe("a good value is taken", () => {
    it.each<Record<string, unknown>>([
        { gateways: 1 },
        { gateways: 100 },
        { loadBalancers: 16 },
        { resolver: "dns" },
        { image: `registry.example:5000/some/image:1.0@sha256:${hex}`, generatorImage: `a@sha256:${hex}` },
        { platform: "kubernetes", resolver: "k8s" },
        { bindAddress: "0.0.0.0" },
        { routingKey: "attributes", routingAttributes: ["tenant"] },
        { routingKey: "service" },
        { waived: ["topology/limits-grow"] },
        { gatewayMemory: "64Mi", gatewayCpu: "1500m" },
        { size: "large", loadBalancerMemory: "size", loadBalancerCpuRequest: "250m" },
        { backends: [backend()] },
        { backends: [backend({ protocol: "http", name: "v.1_a-b", signals: ["logs"], headers: { a: "b" } })] },
        { gatewayOverrides: { processors: { batch: null } } },
    ])("%j", (keys) => {
        expect(check(keys)).toMatchObject(keys);
    });

    it("no other key of the stack changes it", () => {
        expect(check({})).toEqual(defaultKeys);
    });
});

describe("one port for each lb", () => {
    it("from a single one the next lb's is two further on", () => {
        expect(check({ loadBalancers: 2 })).toMatchObject({
            grpcPorts: [4317, 4319],
            httpPorts: [4318, 4320],
            metricsPorts: [8888, 8890],
        });
    });

    it("a list of the right length stays as it is", () => {
        const ports = { grpcPorts: [1, 2], httpPorts: [3, 4], metricsPorts: [5, 6] };
        expect(check({ loadBalancers: 2, ...ports })).toMatchObject(ports);
    });

    it("with 16 lbs no two ports are the same, and none is the tap's", () => {
        const { grpcPorts, httpPorts, metricsPorts, tapPort } = check({ loadBalancers: 16 });
        const all = [...grpcPorts, ...httpPorts, ...metricsPorts, tapPort];
        expect(new Set(all).size).toBe(3 * 16 + 1);
    });
});

it("the result can not be changed", () => {
    expect(Object.isFrozen(check({}))).toBe(true);
});
