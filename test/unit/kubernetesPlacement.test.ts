import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeRollout } from "../support/fakeRollout";

let rollout: FakeRollout;
beforeEach(async () => {
    rollout = await FakeRollout.start();
    for (const name of ["gw-0", "gw-1"]) rollout.set(name);
});
afterEach(() => rollout.server.close());

describe("a pod that may not be created", () => {
    const quota = 'pods "gw-2" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2';
    const message = (why: string) => `create Pod gw-2 in StatefulSet gw failed error: ${why}`;
    const patches = () => rollout.server.asked.filter((asked) => asked === "PATCH statefulsets/gw");

    it("is told in the API server's words, unless it comes in five seconds", async () => {
        rollout.event("StatefulSet", "gw", "FailedCreate", message(quota));
        expect(await rollout.outcome()).toBe(`5 s: gw cannot create the pod gw-2: ${quota}`);
        rollout.at(7, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 7 s");
        expect(patches()).toEqual([]);
    });

    it("is told of its volume claim too", async () => {
        const claim = "create Claim queue-gw-2 for Pod gw-2 in StatefulSet gw failed error: exceeded quota";
        rollout.event("StatefulSet", "gw", "FailedCreate", claim);
        expect(await rollout.outcome()).toBe("5 s: gw cannot create the volume claim queue-gw-2: exceeded quota");
    });

    it("is told in as many words as a sentence can take", async () => {
        rollout.event("StatefulSet", "gw", "FailedCreate", message(`violates PodSecurity:\n${"x ".repeat(500)}`));
        const told = await rollout.outcome();
        expect(told).toMatch(/^5 s: gw cannot create the pod gw-2: violates PodSecurity: x x .*x\.\.\.$/);
        expect(told.length).toBeLessThan(450);
    });

    it("has half a minute where only a webhook does not answer", async () => {
        rollout.event("StatefulSet", "gw", "FailedCreate", message("failed calling webhook: connection refused"));
        expect(await rollout.outcome()).toMatch(/^30 s: gw cannot create the pod gw-2: failed calling webhook/);
    });

    it("is tried again at once when it failed before, of which Kubernetes says nothing new", async () => {
        rollout.event("StatefulSet", "gw", "FailedCreate", message(quota), { at: -600 });
        rollout.at(4, () => patches().length && rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 4 s");
        rollout.pods.delete("gw-2");
        expect(await rollout.outcome()).toBe(`12 s: gw cannot create the pod gw-2: ${quota}`);
        expect(patches()).toHaveLength(2);
    });
});

describe("a pod without a volume", () => {
    const waiting = { phase: "Pending", claim: "queue-gw-2" };

    it.each([
        ["Warning", "ProvisioningFailed", 'storageclass.storage.k8s.io "slow" not found'],
        ["Normal", "FailedBinding", "no persistent volumes available for this claim and no storage class is set"],
    ])("is told after half a minute by a %s %s", async (type, reason, message) => {
        rollout.set("gw-2", waiting).event("PersistentVolumeClaim", "queue-gw-2", reason, message, { type });
        expect(await rollout.outcome()).toBe(`30 s: gw-2 gets no volume for queue-gw-2: ${message}`);
    });

    it("is not told when the volume waits for the pod", async () => {
        rollout.set("gw-2", waiting).at(50, () => rollout.set("gw-2"));
        const first = "waiting for first consumer to be created before binding";
        rollout.event("PersistentVolumeClaim", "queue-gw-2", "WaitForFirstConsumer", first, { type: "Normal" });
        expect(await rollout.outcome()).toBe("rolled out after 50 s");
    });
});

describe("a pod that fits on no node", () => {
    const why = "0/3 nodes are available: 3 Insufficient memory.";
    const waiting = { phase: "Pending", unschedulable: `${why} preemption: 0/3 nodes are available: no victims.` };

    it("is told after a minute, with what the scheduler says", async () => {
        rollout.set("gw-2", waiting).event("Pod", "gw-2", "FailedScheduling", why);
        expect(await rollout.outcome()).toBe(
            "60 s: gw-2 fits on no node: 0/3 nodes are available: 3 Insufficient memory",
        );
    });

    it("has more than five minutes for a volume, after which the scheduler looks again by itself", async () => {
        const unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found";
        rollout.set("gw-2", { ...waiting, unschedulable: unbound });
        expect(await rollout.outcome()).toMatch(/^330 s: gw-2 fits on no node: .*unbound immediate/);
    });

    it.each(["TriggeredScaleUp", "Nominated"])("has ten minutes when a node is on its way (%s)", async (reason) => {
        rollout.set("gw-2", waiting).event("Pod", "gw-2", "FailedScheduling", why);
        rollout.event("Pod", "gw-2", reason, "one more node", { type: "Normal" });
        rollout.at(200, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 200 s");
    });
});
