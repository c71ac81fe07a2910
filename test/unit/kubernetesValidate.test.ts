import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import type { Pods } from "../../components/platform/kubernetes/args";
import { validate } from "../../components/platform/kubernetes/validate";
import { validationJob, validationSecret } from "../../components/platform/kubernetes/validationJob";
import { Failure, FakeApiServer } from "../support/fakeApiServer";

const collectors = ["gateway", "lb"].map((tier) => ({
    tier,
    image: "some/collector:1",
    text: `token: SECRET-${tier}`,
}));

let server: FakeApiServer;
let cache: string;
let warnings: string[];
beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), "otel-collector-tiers-cache-"));
    vi.stubEnv("XDG_CACHE_HOME", cache);
    warnings = [];
    vi.spyOn(pulumi.log, "warn").mockImplementation((text) => Promise.resolve(void warnings.push(text)));
    server = await FakeApiServer.start();
    server.on("jobs", { metadata: { name: "validate-1", uid: "7" } }).on("secrets", {});
    server.list("events", () => []);
});
afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(cache, { recursive: true });
    await server.close();
});

const run = async (pods: Pods = {}) => validate(await server.cluster(), { pods }, collectors);
const asked = (what: string) => server.asked.filter((one) => one.startsWith(what));

interface Status {
    phase?: string;
    conditions?: object[];
    containerStatuses?: object[];
}
const hasPod = (...looks: Status[]) => {
    let look = 0;
    return server.list("pods", () => [{ metadata: { name: "validate-1-x" }, status: looks[look++] ?? looks.at(-1) }]);
};
const ended = (...ends: { exitCode: number; message?: string; reason?: string }[]) => ({
    containerStatuses: ends.map((terminated, index) => ({
        name: collectors[index]?.tier,
        image: "some/collector:1",
        state: { terminated },
    })),
});
const waiting = (reason: string, message: string) => ({
    containerStatuses: collectors.map(({ tier, image }) => ({
        name: tier,
        image,
        state: { waiting: { reason, message } },
    })),
});

/** Each look at the pods is that much later. */
function looksTake(milliseconds: number, ...pods: object[]): void {
    vi.useFakeTimers({ toFake: ["Date"] });
    server.list("pods", () => {
        vi.setSystemTime(Date.now() + milliseconds);
        return pods;
    });
}

const afterwards = () => {
    expect(asked("DELETE")).toEqual(["DELETE jobs/validate-1"]);
};

describe("the pod that looks at configurations", () => {
    it("is waited for, removed, and not made again for what was taken", async () => {
        hasPod({ phase: "Pending" }, ended({ exitCode: 0 }), ended({ exitCode: 0 }, { exitCode: 0 }));
        await run();
        expect(asked("GET pods")).toHaveLength(3);
        afterwards();
        await run();
        expect(asked("POST")).toEqual(["POST jobs", "POST secrets"]);
        expect(warnings).toEqual([]);
    });

    it("ends in the collector's words where it does not take one", async () => {
        const message = "Error: decoding failed:\n'exporters' has invalid keys: nonsense\n";
        hasPod(ended({ exitCode: 1, message }, { exitCode: 0 }));
        await expect(run()).rejects.toThrow(
            new InvalidInput(
                "the collector does not take the configuration of gateway: decoding failed: 'exporters' has invalid keys: nonsense",
            ),
        );
        afterwards();
    });

    it("is refused with the registry's words where its image cannot be pulled", async () => {
        hasPod(waiting("ImagePullBackOff", 'Back-off pulling image "some/collector:1": not found'));
        await expect(run()).rejects.toThrow(
            /^gateway cannot get its image some\/collector:1 \(not found\): set image to one that this cluster can pull/,
        );
        afterwards();
    });

    it("waits for a registry that may yet answer", async () => {
        hasPod(waiting("ErrImagePull", "i/o timeout"), ended({ exitCode: 0 }, { exitCode: 0 }));
        await run();
        expect(warnings).toEqual([]);
    });

    it("is not made in a namespace that is not there", async () => {
        server.on("jobs", undefined);
        await run();
        expect(server.asked).toEqual(["POST jobs"]);
        expect(warnings).toEqual([]);
    });

    it("has the Secret's refusal for its own, and leaves no Job", async () => {
        server.on("secrets", new Failure(500, "broken"));
        await expect(run()).rejects.toThrow("broken");
        afterwards();
    });
});

describe("a pod that cannot run is a warning", () => {
    const start = "the configuration of gateway, lb was not validated beforehand: ";

    it.each(["jobs", "secrets"])("where this user may not create %s", async (resource) => {
        server.on(resource, new Failure(403, "forbidden"));
        await run();
        expect(warnings).toEqual([expect.stringContaining(`${start}the user of the context fake may not create`)]);
    });

    it("where it is not created", async () => {
        looksTake(4_000);
        server.list("events", () => [
            {
                type: "Warning",
                reason: "FailedCreate",
                message: "exceeded quota: few",
                involvedObject: { name: "validate-1" },
            },
        ]);
        await run();
        expect(warnings).toEqual([`${start}exceeded quota: few`]);
        afterwards();
    });

    it("where it fits on no node", async () => {
        const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" }];
        looksTake(11_000, { metadata: {}, status: { conditions } });
        await run();
        expect(warnings).toEqual([`${start}its pod fits on no node: 0/1 nodes`]);
        afterwards();
    });

    it("where it takes too long", async () => {
        looksTake(50_000, { metadata: {}, status: {} });
        await run();
        expect(warnings).toEqual([`${start}its pod had not ended after 90 s`]);
        afterwards();
    });

    it("where a collector runs out of memory", async () => {
        hasPod(ended({ exitCode: 137, reason: "OOMKilled" }, { exitCode: 0 }));
        await run();
        expect(warnings).toEqual([`${start}the collector ran out of memory`]);
    });
});

describe("what is made", () => {
    const job = { ...validationJob("validate-1", collectors, {}), metadata: { name: "validate-1", uid: "7" } };

    it("is gone by itself, the Secret with the Job", () => {
        expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 120, ttlSecondsAfterFinished: 60 });
        expect(validationSecret(job, collectors).metadata?.ownerReferences).toEqual([
            { apiVersion: "batch/v1", kind: "Job", name: "validate-1", uid: "7" },
        ]);
    });

    it("has the configurations in the Secret alone", () => {
        expect(JSON.stringify(job)).not.toContain("SECRET");
        expect(validationSecret(job, collectors).stringData).toEqual({
            "gateway.yaml": "token: SECRET-gateway",
            "lb.yaml": "token: SECRET-lb",
        });
    });

    it("has what the cluster asks of every pod", () => {
        const pods: Pods = {
            labels: { team: "a" },
            annotations: { note: "b" },
            nodeSelector: { disk: "ssd" },
            tolerations: [{ key: "dedicated", operator: "Exists" }],
            imagePullSecrets: ["registry-key"],
            priorityClassName: "low",
        };
        const { metadata, spec } = validationJob("validate-1", collectors, pods).spec?.template ?? {};
        expect(metadata).toEqual({
            labels: { team: "a", "otel-collector-tiers/validation": "validate-1" },
            annotations: { note: "b" },
        });
        expect(spec).toMatchObject({
            nodeSelector: { disk: "ssd" },
            tolerations: [{ key: "dedicated", operator: "Exists" }],
            imagePullSecrets: [{ name: "registry-key" }],
            priorityClassName: "low",
            automountServiceAccountToken: false,
        });
    });
});
