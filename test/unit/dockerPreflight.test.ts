import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import type { DockerEngine } from "../../components/platform/docker/engine";
import { preflight } from "../../components/platform/docker/preflight";

const label = "otel-collector-tiers.mine";

interface FakeContainer {
    name?: string;
    labels?: Record<string, string>;
    state?: string;
    ports: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[];
    bindings?: Record<string, { HostIp: string; HostPort: string }[]>;
}

function engine(containers: FakeContainer[] = [], isLocal = false) {
    return {
        isLocal,
        requireRunning: vi.fn(() => Promise.resolve()),
        requireImage: vi.fn(() => Promise.resolve()),
        inspect: (id: string) => {
            const found = containers.find(({ name = "other" }) => name === id);
            return Promise.resolve({ HostConfig: { PortBindings: found?.bindings } });
        },
        containers: () =>
            Promise.resolve(
                containers.map(({ name = "other", labels = {}, state = "running", ports }) => ({
                    Id: name,
                    Names: [`/${name}`],
                    Labels: labels,
                    State: state,
                    Ports: ports,
                })),
            ),
    };
}

const look = (fake: ReturnType<typeof engine>, port: number, address = "127.0.0.1") =>
    preflight(fake as unknown as DockerEngine, label, { images: [], ports: [{ address, port }] });

const publishing = (port: number, IP: string, labels = {}) => [
    { labels, ports: [{ IP, PrivatePort: 1, PublicPort: port, Type: "tcp" }] },
];

describe("before anything is created", () => {
    it("the engine and every image are asked for", async () => {
        const fake = engine();
        await preflight(fake as unknown as DockerEngine, label, { images: ["a:1", "b:2"], ports: [] });
        expect(fake.requireRunning).toHaveBeenCalledOnce();
        expect(fake.requireImage.mock.calls).toEqual([["a:1"], ["b:2"]]);
    });

    it("a port that another container publishes is refused, with its name", async () => {
        await expect(look(engine(publishing(5000, "127.0.0.1")), 5000)).rejects.toThrow(
            new InvalidInput(
                'a published port is "127.0.0.1:5000"; allowed: a free port; ' +
                    "the container other listens there: stop it, or choose other ports",
            ),
        );
    });

    it.each([
        ["0.0.0.0", "127.0.0.1"],
        ["::", "127.0.0.1"],
        ["127.0.0.1", "0.0.0.0"],
    ])("a container on %s stands in the way of %s", async (theirs, ours) => {
        await expect(look(engine(publishing(5000, theirs)), 5000, ours)).rejects.toThrow(InvalidInput);
    });

    it("a container on another address or port does not", async () => {
        await look(engine(publishing(5000, "10.0.0.1")), 5000);
        await look(engine(publishing(5001, "127.0.0.1")), 5000);
        await look(engine([{ ports: [{ PrivatePort: 5000, Type: "tcp" }] }]), 5000);
    });

    it("a port that this stack holds already is its own", async () => {
        await look(engine(publishing(5000, "127.0.0.1", { [label]: "" })), 5000);
    });

    it("another stack's is not", async () => {
        const theirs = publishing(5000, "127.0.0.1", { "otel-collector-tiers.other": "" });
        await expect(look(engine(theirs), 5000)).rejects.toThrow(InvalidInput);
    });
});

it("which of the stack's containers run is told, and no others", async () => {
    const states = ["running", "created", "exited", "restarting", "paused", "removing", "dead"];
    const own = states.map((state) => ({ name: `it-is-${state}`, labels: { [label]: "" }, state, ports: [] }));
    const theirs = { name: "theirs", labels: { "otel-collector-tiers.other": "" }, ports: [] };
    const fake = engine([...own, theirs, { name: "without-label", ports: [] }]) as unknown as DockerEngine;
    expect(await preflight(fake, label, { images: [], ports: [] })).toEqual(new Set(["it-is-running"]));
});

describe("a port that another program listens on", () => {
    let server: Server;
    afterEach(() => new Promise((closed) => server.close(closed)));

    async function listeningPort(): Promise<number> {
        server = createServer();
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        return (server.address() as AddressInfo).port;
    }

    it("is refused on a local engine", async () => {
        const port = await listeningPort();
        await expect(look(engine([], true), port)).rejects.toThrow("; another program listens there: stop it");
    });

    it("is a container's of the stack's own that keeps restarting, which has none in between", async () => {
        const port = await listeningPort();
        const bindings = { "4317/tcp": [{ HostIp: "127.0.0.1", HostPort: `${port}` }] };
        const restarting = { state: "restarting", ports: [], bindings };
        await look(engine([{ ...restarting, labels: { [label]: "" } }], true), port);
        await expect(look(engine([restarting], true), port)).rejects.toThrow("; another program listens there");
    });

    it("is nobody's concern on a remote engine", async () => {
        await look(engine([], false), await listeningPort());
    });
});
