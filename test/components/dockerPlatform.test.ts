import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components";
import { DockerPlatform } from "../../components/platform/docker";
import type { Port, Scaling, WorkloadSpec } from "../../components/platform/platform";
import { container, image, network, offlineDocker, provider, published, volume } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/readiness", () => ({ untilReady: vi.fn(() => Promise.resolve()) }));

const environmentToken = "otel-collector-tiers:index:DockerEnvironment";

const spec = (over: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
    role: "gateway",
    image: "registry.example:5000/some/image:1.0",
    args: ["--flag"],
    replicas: 1,
    addressed: "together",
    ports: [],
    resources: { memoryBytes: 100 * 2 ** 20, reservedCores: 0.1 },
    drainSeconds: 0,
    stopGraceSeconds: 7,
    ...over,
});

class Owner extends pulumi.ComponentResource {
    constructor() {
        super("test:index:Owner", "owner");
    }
}

describe.each(runs)("the Docker platform in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(preview);
    });

    it("has one environment for all workloads: a provider, a network, each image once", async () => {
        await engine.run(() => {
            const platform = offlineDocker();
            const owner = new Owner();
            platform.run("a", spec(), owner);
            platform.run("b", spec(), owner);
            platform.run("c", spec({ image: "other:2" }), owner);
        });
        const environment = engine.byName(environmentToken, "test");
        const children = engine.resources.filter(({ parent }) => parent === environment.urn);
        expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
            [
                `${provider} test`,
                `${network} test`,
                `${image} test-registry.example-5000-some-image-1.0`,
                `${image} test-other-2`,
            ].sort(),
        );
        expect(engine.byName(provider, "test").inputs).toEqual({ host: "unix:///nowhere/docker.sock" });
    });

    it("names and labels the network, and leaves images on the engine", async () => {
        await engine.run(() => offlineDocker().run("a", spec(), new Owner()));
        expect(engine.byName(network, "test").inputs).toEqual({
            name: "test",
            driver: "bridge",
            labels: [{ label: "otel-collector-tiers.test", value: "" }],
        });
        expect(engine.byType(image)[0]?.inputs).toEqual({
            name: "registry.example:5000/some/image:1.0",
            keepLocally: true,
        });
    });

    it("begins every name with project and stack, unless it is told otherwise", async () => {
        await engine.run(() =>
            new DockerPlatform({ host: "unix:///x" }).run("a", spec({ storage: { path: "/data" } }), new Owner()),
        );
        const prefix = "otel-collector-tiers-test";
        expect(engine.byType(network)[0]?.inputs.name).toBe(prefix);
        expect(engine.byType(container)[0]?.inputs.name).toBe(`${prefix}-a-1`);
        expect(engine.byType(volume)[0]?.inputs.name).toBe(`${prefix}-a-1`);
    });

    it("gives the ports in ascending order of the container's, and only those that are published", async () => {
        const address = "127.0.0.1";
        const ports: Port[] = [
            { name: "high", number: 9000, reachedBy: "clients", published: { address, ports: [1, 2] } },
            { name: "inside", number: 5000, reachedBy: "clients" },
            { name: "low", number: 80, reachedBy: "clients", published: { address, ports: [8080, 8081] } },
        ];
        const workload = await engine.run(() => offlineDocker().run("a", spec({ replicas: 2, ports }), new Owner()));
        expect(engine.byName(container, "a-1").inputs.ports).toEqual([published(80, 8080), published(9000, 1)]);
        expect(engine.byName(container, "a-2").inputs.ports).toEqual([published(80, 8081), published(9000, 2)]);
        expect(await known(workload.published)).toEqual({
            high: ["127.0.0.1:1", "127.0.0.1:2"],
            low: ["127.0.0.1:8080", "127.0.0.1:8081"],
        });
    });

    it("starts a workload after what it has to come after", async () => {
        await engine.run(() => {
            const platform = offlineDocker();
            const owner = new Owner();
            const first = platform.run("first", spec(), owner);
            platform.run("second", spec({ after: first.ready }), owner);
        });
        expect(engine.byName(container, "second-1").dependencies).toContain(engine.byName(container, "first-1").urn);
    });

    it("leaves the number of replicas to nobody else", async () => {
        const scaling: Scaling = {
            by: "external",
            most: 5,
            cpuPercent: 0,
            memoryPercent: 0,
            metrics: [],
            behavior: {},
        };
        const declare = () => offlineDocker().run("a", spec({ scaling }), new Owner());
        expect(declare).toThrow(
            new InvalidInput('the scaler of a is "external"; allowed: none, on the platform docker'),
        );
        await engine.settled();
        expect(engine.byType(container)).toEqual([]);
    });

    it("knows the names of a workload before there is one", async () => {
        const platform = offlineDocker();
        const workload = await engine.run(() => platform.run("a", spec({ replicas: 2 }), new Owner()));
        const { hosts, sharedHost, service } = workload;
        expect(platform.names("a", 2)).toEqual({ hosts, sharedHost });
        expect({ hosts, sharedHost, service }).toEqual({ hosts: ["a-1", "a-2"], sharedHost: "a", service: undefined });
    });
});

it("two platforms in one program have environments of their own", async () => {
    const engine = await RecordingEngine.start(true);
    await engine.run(() => {
        const owner = new Owner();
        new DockerPlatform({ host: "unix:///one", prefix: "one" }).run("a", spec(), owner);
        new DockerPlatform({ host: "unix:///two", prefix: "two" }).run("b", spec(), owner);
    });
    const urns = engine.byType(environmentToken).map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(2);
});
