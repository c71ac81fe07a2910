import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClusterRequirements, preflight } from "../../components/platform/kubernetes/preflight";
import { InvalidInput } from "../../components/errors";
import { Failure, FakeApiServer } from "../support/fakeApiServer";

const owner = "app.kubernetes.io/part-of=mine";
const ownLabels = { "app.kubernetes.io/part-of": "mine" };
const namespaces = "/api/v1/namespaces/telemetry";
const classes = "/apis/storage.k8s.io/v1/storageclasses";

let server: FakeApiServer;
beforeEach(async () => {
    server = await FakeApiServer.start();
    server.list("statefulsets", () => []);
    hasClasses({ name: "fast" }, { name: "standard", isDefault: true });
});
afterEach(() => server.close());

function hasClasses(...entries: { name: string; isDefault?: boolean }[]): void {
    server.list(classes, () =>
        entries.map(({ name, isDefault = false }) => ({
            metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
        })),
    );
}

const hasNamespace = (metadata: object) => server.on(namespaces, { metadata: { name: "telemetry", ...metadata } });

async function look(requirements: Partial<ClusterRequirements> = {}): Promise<Map<string, number>> {
    return preflight(await server.cluster(), { createNamespace: true, storageClass: "", owner, ...requirements });
}

async function refusal(requirements?: Partial<ClusterRequirements>): Promise<string> {
    try {
        await look(requirements);
        return "no refusal";
    } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
        return (error as Error).message;
    }
}

it("tells how many replicas each StatefulSet of the stack has", async () => {
    server.list("statefulsets", () => [
        { metadata: { name: "gw" }, spec: { replicas: 3 } },
        { metadata: { name: "lb" }, spec: {} },
    ]);
    expect(Object.fromEntries(await look())).toEqual({ gw: 3, lb: 1 });
});

it("asks everything at once, and nothing twice", async () => {
    await look();
    expect(server.asked.sort()).toEqual([`GET ${namespaces}`, `GET ${classes}`, "GET statefulsets"]);
});

it("a cluster that does not answer is told", async () => {
    server.on(namespaces, new Failure(503, "shutting down"));
    expect(await refusal()).toContain("(context fake: shutting down)");
});

describe("a namespace", () => {
    it("that is to be created need not be there, or is there already as the stack's own", async () => {
        await look();
        hasNamespace({ labels: ownLabels });
        await look();
    });

    it("that is to be created is refused where it is somebody else's", async () => {
        hasNamespace({ labels: {} });
        expect(await refusal()).toBe(
            'namespace is "telemetry"; allowed: one that is not there yet: ' +
                "set createNamespace to false to use this one, which destroy then keeps",
        );
        await look({ createNamespace: false });
    });

    it("that is not to be created has to be there", async () => {
        expect(await refusal({ createNamespace: false })).toBe(
            'namespace is "telemetry"; allowed: one that is there already: create it with ' +
                "kubectl --context fake create namespace telemetry, or set createNamespace to true",
        );
    });

    it("that is being deleted is refused", async () => {
        hasNamespace({ labels: ownLabels, deletionTimestamp: "2026-01-01T00:00:00Z" });
        expect(await refusal()).toBe(
            'namespace is "telemetry"; allowed: one that is not being deleted: wait until it is gone, or use another',
        );
    });

    it("that this user may not look at is taken for granted, unless it is to be created", async () => {
        server.on(namespaces, new Failure(403, "forbidden"));
        await look({ createNamespace: false });
        expect(await refusal()).toContain("may not get namespaces in the namespace telemetry");
    });
});

describe("a storage class", () => {
    it("has to be there", async () => {
        expect(await refusal({ storageClass: "slow" })).toBe(
            'storageClass is "slow"; allowed: fast, standard, ephemeral',
        );
        await look({ storageClass: "fast" });
    });

    it("is the default of the cluster, which may have none", async () => {
        hasClasses({ name: "fast" });
        expect(await refusal()).toBe('storageClass is ""; allowed: fast, ephemeral; this cluster has no default class');
    });

    it("is not asked for where no volume is, and not checked where this user may not know", async () => {
        server.on(classes, new Failure(403, "forbidden"));
        await look({ storageClass: "slow" });
        server.on(classes, new Failure(500, "broken"));
        await look({ storageClass: undefined });
    });
});
