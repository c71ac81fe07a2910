import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import { KubernetesCluster } from "../../components/platform/kubernetes/cluster";
import { refusal as told } from "../../components/platform/kubernetes/request";
import { Failure, FakeApiServer } from "../support/fakeApiServer";

let server: FakeApiServer;
beforeEach(async () => {
    server = await FakeApiServer.start();
});
afterEach(async () => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
    await server.close();
});

async function refusal(asked: Promise<unknown>): Promise<string> {
    try {
        await asked;
        return "no refusal";
    } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
        return (error as Error).message;
    }
}

const open = (context: string, kubeconfig?: string) =>
    KubernetesCluster.open({ context, namespace: "telemetry", kubeconfig });

describe("a kubeconfig", () => {
    it("that is not there is refused", async () => {
        expect(await refusal(open("fake", "/nowhere/config"))).toBe(
            'kubeconfig is "/nowhere/config"; allowed: a kubeconfig file that can be read (no such file)',
        );
    });

    it("without the context is refused, with those it has", async () => {
        const file = server.writeKubeconfig("two", { contexts: ["kind-here", "cloud"] });
        expect(await refusal(open("other", file))).toBe('context is "other"; allowed: kind-here, cloud');
        const none = server.writeKubeconfig("none", { contexts: [] });
        expect(await refusal(open("other", none))).toBe(
            `context is "other"; allowed: a context of ${none}, where there is none`,
        );
    });

    it("may be several files, of which the first has the say and some need not exist", async () => {
        const first = server.writeKubeconfig("first", { contexts: ["one"] });
        const second = server.writeKubeconfig("second", { contexts: ["one", "two"], server: "http://127.0.0.1:1" });
        vi.stubEnv("KUBECONFIG", ["/nowhere/config", first, second].join(":"));
        server.on("/version", {});
        await (await open("two")).requireAnswer();
    });
});

describe("a cluster that", () => {
    it("is not there is told with its address and the reason", async () => {
        const file = server.writeKubeconfig("down", { contexts: ["down"], server: "http://127.0.0.1:1" });
        expect(await refusal((await open("down", file)).requireAnswer())).toBe(
            "Kubernetes does not answer at http://127.0.0.1:1 (context down: connect ECONNREFUSED 127.0.0.1:1): " +
                "start that cluster, or set context to one that runs",
        );
    });

    it("accepts a connection and says nothing has ten seconds", async () => {
        const cluster = await server.on("/version", "silence").cluster();
        vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
        const told = refusal(cluster.requireAnswer());
        await vi.waitFor(() => expect(server.asked).toEqual(["GET /version"]));
        vi.advanceTimersByTime(10_000);
        expect(await told).toContain("(context fake: no answer within 10 s)");
    });

    it("is overloaded does not answer either", async () => {
        const cluster = await server.on("/version", new Failure(429, "too many requests")).cluster();
        expect(await refusal(cluster.requireAnswer())).toContain("does not answer at http://127.0.0.1:");
    });

    it("does not know the user lets nobody in", async () => {
        const cluster = await server.on("/version", new Failure(401, "Unauthorized")).cluster();
        expect(await refusal(cluster.requireAnswer())).toBe(
            `Kubernetes at ${server.address} does not let the user of the context fake in (Unauthorized): ` +
                "log in again, or correct that user in the kubeconfig",
        );
    });
});

describe("what the user may not ask", () => {
    it("is told with verb, resource and namespace", async () => {
        const cluster = await server.on("pods", new Failure(403, "pods is forbidden")).cluster();
        expect(await refusal(cluster.pods("app=gw"))).toBe(
            "the user of the context fake may not list pods in the namespace telemetry: " +
                "ask for a role that allows the verb list on pods there",
        );
    });

    it("is skipped where it is about storage classes, which belong to the whole cluster", async () => {
        server.on("/apis/storage.k8s.io/v1/storageclasses", new Failure(403, "forbidden"));
        expect(await (await server.cluster()).storageClasses()).toBeUndefined();
    });
});

it("what is not there is undefined, or nothing", async () => {
    const cluster = await server.cluster();
    expect(await cluster.readNamespace()).toBeUndefined();
    expect(await cluster.statefulSet("gw")).toBeUndefined();
    expect(await cluster.service("gw")).toBeUndefined();
    expect(await cluster.claims("app=gw")).toEqual([]);
    await cluster.removeClaim("queue-gw-0");
    expect(server.asked.at(-1)).toBe("DELETE persistentvolumeclaims/queue-gw-0");
});

describe("a log", () => {
    it("is text", async () => {
        const cluster = await server.on("pods/gw-0/log", "one\ntwo\n").cluster();
        expect(await cluster.log("gw-0")).toBe("one\ntwo\n");
    });

    it.each([
        new Failure(400, 'container "gateway" in pod "gw-0" is waiting to start: ContainerCreating'),
        "unable to retrieve container logs for containerd://0123",
    ])("that is not there is empty", async (reply) => {
        const cluster = await server.on("pods/gw-0/log", reply).cluster();
        expect(await cluster.log("gw-0", { previous: true })).toBe("");
    });
});

it("warnings since a time are told by the cluster's clock, the oldest first", async () => {
    const now = Date.now();
    const hourMs = 3_600_000;
    const event = (reason: string, seconds: number) => ({
        type: "Warning",
        reason,
        involvedObject: {},
        metadata: {},
        lastTimestamp: new Date(now + hourMs + seconds * 1_000).toISOString(),
    });
    server.aheadMs = hourMs;
    const events = [event("latest", 5), event("before", -60), event("later", 0)];
    const cluster = await server.list("events", () => events).cluster();
    expect((await cluster.warnings(new Date(now))).map(({ reason }) => reason)).toEqual(["later", "latest"]);
});

it("a server whose certificate is not trusted is not taken for one that is away", () => {
    const server = { context: "prod", address: "https://10.0.0.1:6443" };
    const error = new Error("request to https://10.0.0.1:6443/version failed, reason: self-signed certificate");
    expect(told(server, { verb: "get", resource: "/version" }, error).message).toBe(
        "the certificate of Kubernetes at https://10.0.0.1:6443 is not one that the context prod trusts " +
            "(self-signed certificate): correct its cluster in the kubeconfig",
    );
});
