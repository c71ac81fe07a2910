import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../support/fakeApiServer";
import { FakeRollout } from "../support/fakeRollout";

let rollout: FakeRollout;
beforeEach(async () => {
    rollout = await FakeRollout.start();
    for (const name of ["gw-0", "gw-1", "gw-2"]) rollout.set(name);
});
afterEach(() => rollout.server.close());

const creating = { phase: "Pending", waiting: { reason: "ContainerCreating" } };
const starting = { ready: false, started: false };
const unready = { ready: false };

describe("a StatefulSet is rolled out", () => {
    it("at once when all is ready, with one question and without a word", async () => {
        expect(await rollout.outcome()).toBe("rolled out after 0 s");
        expect(rollout.server.asked).toEqual(["GET statefulsets/gw"]);
        expect(rollout.told).toEqual([]);
    });

    it("when nothing is wanted and nothing is left", async () => {
        rollout.spec.replicas = 0;
        rollout.at(3, () => rollout.pods.clear());
        expect(await rollout.outcome()).toBe("rolled out after 3 s");
    });

    it("when an autoscaler has given it the least there are to be", async () => {
        rollout.spec.replicas = 2;
        rollout.pods.delete("gw-2");
        rollout.at(5, () => {
            rollout.spec.replicas = 3;
            rollout.set("gw-2");
        });
        expect(await rollout.outcome({ least: 3 })).toBe("rolled out after 5 s");
    });

    it("but not with another number than it was asked for", async () => {
        expect(await rollout.outcome({ exactly: 3 })).toBe("rolled out after 0 s");
        expect(await rollout.outcome({ exactly: 2 })).toBe(
            "0 s: gw was scaled by hand, to 3 replicas instead of 2; bring them back with: " +
                "npm run pulumi -- up --refresh --stack stack, or set scaledBy to external",
        );
    });

    it("when every replica is ready, and tells how many are", async () => {
        for (const [index, name] of [...rollout.pods.keys()].entries()) {
            rollout.set(name, creating).at(4 * (index + 1), () => rollout.set(name));
        }
        expect(await rollout.outcome()).toBe("rolled out after 12 s");
        expect(rollout.told).toEqual(["0 of 3 ready", "1 of 3 ready", "2 of 3 ready", "3 of 3 ready"]);
    });

    it("not by replicas of the template before", async () => {
        for (const name of rollout.pods.keys()) rollout.set(name, { isOld: true });
        rollout.at(5, () => rollout.pods.delete("gw-2"));
        rollout.at(6, () => rollout.set("gw-2", { uid: "2b", ready: false }));
        rollout.at(8, () => rollout.set("gw-2", { uid: "2b" }));
        rollout.at(9, () => rollout.set("gw-1").set("gw-0"));
        expect(await rollout.outcome()).toBe("rolled out after 9 s");
        expect(rollout.told).toEqual(["0 of 3 ready", "1 of 3 ready", "3 of 3 ready"]);
    });

    it("not before Kubernetes has seen its latest change, and taken it for complete", async () => {
        rollout.status.observedGeneration = 1;
        rollout.status.currentRevision = "old";
        rollout.at(2, () => (rollout.status.observedGeneration = 2));
        rollout.at(4, () => (rollout.status.currentRevision = "new"));
        expect(await rollout.outcome()).toBe("rolled out after 4 s");
    });

    it("not before it has settled, unless it has only just been made", async () => {
        rollout.set("gw-2", { isFresh: true }).at(4, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 4 s");
        rollout.generation = 1;
        rollout.set("gw-2", { isFresh: true });
        expect(await rollout.outcome()).toBe("rolled out after 4 s");
    });

    it("not while a surplus replica is still there", async () => {
        rollout.set("gw-3", { stopSeconds: 30 }).at(20, () => rollout.pods.delete("gw-3"));
        expect(await rollout.outcome()).toBe("rolled out after 20 s");
    });

    it("although the API server could not be asked in between", async () => {
        rollout.set("gw-2", creating);
        const reply = new Failure(503, "restarting");
        rollout.at(5, () => rollout.server.on("pods", reply).on("events", reply));
        rollout.at(40, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 40 s");
    });

    it("although this user may only look at StatefulSets", async () => {
        rollout.set("gw-2", starting).at(40, () => rollout.set("gw-2"));
        for (const resource of ["pods", "events"]) rollout.server.on(resource, new Failure(403, "forbidden"));
        expect(await rollout.outcome()).toBe("rolled out after 40 s");
    });
});

describe("a rollout may take long", () => {
    it("as long as it goes on", async () => {
        for (const name of rollout.pods.keys()) rollout.set(name, creating);
        for (const [index, name] of [...rollout.pods.keys()].entries()) {
            rollout.at(90 * (index + 1), () => rollout.set(name));
        }
        expect(await rollout.outcome()).toBe("rolled out after 270 s");
    });

    it("while an image is pulled", async () => {
        rollout.set("gw-2", creating).at(500, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 500 s");
    });

    it("while the startup probe allows it", async () => {
        rollout.set("gw-2", starting).at(170, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 170 s");
    });

    it("while a replica has time to stop", async () => {
        rollout.set("gw-2", { stopSeconds: 300 }).at(290, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 290 s");
    });
});

describe("without progress it ends", () => {
    it("with what the collector said last", async () => {
        rollout.set("gw-2", unready).log("gw-2", "starting\nwaiting for a port\n");
        expect(await rollout.outcome()).toBe("102 s: gw-2 was not ready within 102 s: waiting for a port");
    });

    it("also where a replica only comes and goes", async () => {
        rollout.log("gw-2", "busy");
        for (let second = 0; second < 300; second += 4) {
            rollout.at(second, () => rollout.set("gw-2", unready)).at(second + 2, () => rollout.set("gw-2", starting));
        }
        expect(await rollout.outcome()).toMatch(/^\d+ s: gw-2 was not ready within \d+ s: busy$/);
    });

    it("with the newest warning about a pod that its node cannot prepare", async () => {
        const message = 'MountVolume.SetUp failed for volume "config" : configmap "gw" not found';
        rollout.set("gw-2", creating).event("Pod", "gw-2", "FailedMount", message);
        expect(await rollout.outcome()).toBe(`102 s: gw-2 was not ready within 102 s: ${message}`);
    });

    it("with the pod that does not go", async () => {
        rollout.set("gw-3", { stopSeconds: 10 });
        expect(await rollout.outcome()).toBe("112 s: gw-3 was told to stop and is still there after 112 s");
    });

    it("with how many have the template when nothing else is known", async () => {
        rollout.set("gw-0", { isOld: true });
        expect(await rollout.outcome()).toBe(
            "102 s: gw was not rolled out within 102 s: 2 of 3 replicas have its newest template",
        );
    });

    it("with the API server when that is what does not answer", async () => {
        rollout.set("gw-2", unready);
        rollout.at(5, () => rollout.server.on("statefulsets/gw", new Failure(503, "restarting")));
        expect(await rollout.outcome()).toBe(
            `102 s: Kubernetes does not answer at ${rollout.server.address} (context fake: restarting): ` +
                "start that cluster, or set context to one that runs",
        );
    });
});

it("a StatefulSet that somebody removed is told with what brings it back", async () => {
    rollout.set("gw-2", unready).at(3, () => (rollout.isRemoved = true));
    expect(await rollout.outcome()).toBe(
        "3 s: gw was removed by hand; bring it back with: npm run pulumi -- up --refresh --stack stack",
    );
});
