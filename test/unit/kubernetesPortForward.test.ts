import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ForwardedPort, forwardPort } from "../../components/platform/kubernetes/portForward";
import { Failure, FakeApiServer } from "../support/fakeApiServer";

let server: FakeApiServer;
const pods = new Map<string, Pod>();
const forwarded: ForwardedPort[] = [];
beforeEach(async () => {
    server = await FakeApiServer.start();
    server.list("pods", () =>
        [...pods].map(([name, { isReady }]) => ({
            metadata: { name },
            status: { conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
        })),
    );
});
afterEach(async () => {
    await Promise.all(forwarded.splice(0).map((port) => port.close()));
    for (const pod of pods.values()) pod.stop();
    pods.clear();
    await server.close();
});

/** A pod that answers with its name and what it got. */
class Pod {
    isReady = true;
    private readonly connections = new Set<Socket>();
    private readonly listener: Server;

    constructor(name: string) {
        this.listener = createServer((socket) => {
            this.connections.add(socket);
            socket.on("data", (data) => socket.write(`${name}:${data.toString()}`));
            socket.on("error", () => socket.destroy());
        });
        this.listener.listen(0, "127.0.0.1", () =>
            server.tunnels.set(name, (this.listener.address() as AddressInfo).port),
        );
        pods.set(name, this);
    }

    stop(): void {
        this.listener.close();
        for (const connection of this.connections) connection.destroy();
    }
}

async function forward(target: string | { pod: string } = "app=gw"): Promise<ForwardedPort> {
    const port = await forwardPort(await server.cluster(), target, 4317);
    forwarded.push(port);
    return port;
}

/** A connection's answer to one message; "closed" when it ends without. */
function ask({ address }: ForwardedPort, message = "hello"): Promise<string> {
    const socket = dial(address);
    socket.write(message);
    return new Promise((resolve) => {
        socket.once("data", (data) => {
            resolve(data.toString());
            socket.destroy();
        });
        socket.once("close", () => resolve("closed"));
    });
}

function dial(address: string): Socket {
    const [host, port] = address.split(":");
    return connect(Number(port), host).on("error", () => undefined);
}

it("each connection goes to the next ready pod", async () => {
    for (const name of ["gw-0", "gw-1", "gw-2"]) new Pod(name);
    pods.get("gw-1")!.isReady = false;
    const port = await forward();
    expect(port.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await ask(port)).toBe("gw-0:hello");
    expect(await ask(port)).toBe("gw-2:hello");
    expect(await ask(port)).toBe("gw-0:hello");
});

it("one named pod is reached although it is not ready", async () => {
    new Pod("gw-0");
    new Pod("gw-1").isReady = false;
    const port = await forward({ pod: "gw-1" });
    expect(await ask(port)).toBe("gw-1:hello");
    expect(server.asked).not.toContain("GET pods");
});

it("much more than fits into the buffers arrives whole", async () => {
    new Pod("gw-0");
    const socket = dial((await forward()).address);
    const megabytes = 8;
    let received = 0;
    socket.on("data", (data) => (received += data.length));
    socket.write(Buffer.alloc(megabytes * 2 ** 20, "x"));
    await vi.waitFor(() => expect(received).toBeGreaterThan(megabytes * 2 ** 20), { timeout: 10_000 });
    socket.destroy();
});

describe("a connection is closed", () => {
    it("when no pod is ready, and the next one may reach one", async () => {
        new Pod("gw-0").isReady = false;
        const port = await forward();
        expect(await ask(port)).toBe("closed");
        expect(port.failure()).toBe("no pod is ready");
        pods.get("gw-0")!.isReady = true;
        await vi.waitFor(async () => expect(await ask(port)).toBe("gw-0:hello"), { timeout: 3_000 });
        expect(port.failure()).toBeUndefined();
    });

    it("when its pod ends", async () => {
        const pod = new Pod("gw-0");
        const socket = dial((await forward()).address);
        const closed = new Promise((resolve) => socket.once("close", resolve));
        socket.once("data", () => pod.stop());
        socket.write("hello");
        await closed;
    });

    it("when its pod does not listen, or is not there", async () => {
        server.tunnels.set("gw-0", 1);
        expect(await ask(await forward({ pod: "gw-0" }))).toBe("closed");
        const port = await forward({ pod: "gw-9" });
        expect(await ask(port)).toBe("closed");
        expect(port.failure()).toBe("there is no pod gw-9 in the namespace telemetry");
    });

    it("when the pods cannot be listed, which is told", async () => {
        server.on("pods", new Failure(403, "forbidden"));
        const port = await forward();
        expect(await ask(port)).toBe("closed");
        expect(port.failure()).toContain("may not list pods in the namespace telemetry");
    });

    it("when the port is", async () => {
        new Pod("gw-0");
        const port = await forward();
        const socket = dial(port.address);
        const closed = new Promise((resolve) => socket.once("close", resolve));
        socket.write("hello");
        await new Promise((resolve) => socket.once("data", resolve));
        await port.close();
        await closed;
        expect(await ask(port)).toBe("closed");
    });
});

it("a pod that is gone already is passed over", async () => {
    new Pod("gw-0");
    new Pod("gw-1");
    const port = await forward();
    await ask(port);
    server.tunnels.delete("gw-1");
    expect(await ask(port)).toBe("gw-0:hello");
});
