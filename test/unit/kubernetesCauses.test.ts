import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure } from "../support/fakeApiServer";
import { FakeRollout } from "../support/fakeRollout";

let rollout: FakeRollout;
beforeEach(async () => {
    rollout = await FakeRollout.start();
    for (const name of ["gw-0", "gw-1"]) rollout.set(name);
});
afterEach(() => rollout.server.close());

const creating = { phase: "Pending", waiting: { reason: "ContainerCreating" } };
const crashing = { restarts: 1, waiting: { reason: "CrashLoopBackOff" } };
const waitsFor = (reason: string, message = "") => ({ phase: "Pending", waiting: { reason, message } });

describe("an image that cannot be had", () => {
    const remedy = "set image to one that this cluster can pull; a private registry needs imagePullSecrets";
    const image = "otel-collector-tiers/collector:0.161.0";
    const denied = "pull access denied, repository does not exist or may require authorization";
    const chain = `failed to pull and unpack image "x": failed to resolve reference "x": ${denied}`;

    it("is told at once, with the registry's own words", async () => {
        const message = `Back-off pulling image "${image}": ErrImagePull: rpc error: code = Unknown desc = ${chain}`;
        rollout.set("gw-2", creating).at(5, () => rollout.set("gw-2", waitsFor("ImagePullBackOff", message)));
        expect(await rollout.outcome()).toBe(`5 s: gw-2 cannot get its image ${image} (${denied}): ${remedy}`);
    });

    it("is told with the words of an event where the pod has none", async () => {
        rollout.set("gw-2", creating).event("Pod", "gw-2", "Failed", `Failed to pull image "${image}": ${chain}`);
        const backOff = waitsFor("ImagePullBackOff", `Back-off pulling image "${image}"`);
        rollout.at(5, () => rollout.set("gw-2", backOff));
        expect(await rollout.outcome()).toBe(`5 s: gw-2 cannot get its image ${image} (${denied}): ${remedy}`);
    });

    it("is given half a minute where that may pass", async () => {
        const refused = "dial tcp 10.0.0.1:443: connect: connection refused";
        rollout.set("gw-2", waitsFor("ErrImagePull", refused));
        rollout.at(10, () => rollout.set("gw-2", waitsFor("ImagePullBackOff", refused)));
        rollout.at(20, () => rollout.set("gw-2", waitsFor("ErrImagePull", refused)));
        expect(await rollout.outcome()).toMatch(/^30 s: gw-2 cannot get its image .*connection refused/);
        rollout.at(40, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 40 s");
    });

    it("is told with how to have it tried again, when Kubernetes waits longer and longer already", async () => {
        rollout.set("gw-2", waitsFor("ImagePullBackOff", "manifest unknown"));
        expect(await rollout.outcome()).toBe(
            `0 s: gw-2 cannot get its image ${image} (manifest unknown): ${remedy}; once that is put right, ` +
                "have it try again: kubectl --context fake -n telemetry delete pod gw-2",
        );
    });

    it.each(["ErrImageNeverPull", "InvalidImageName"])("is told for %s", async (reason) => {
        rollout.set("gw-2", waitsFor(reason, "no good"));
        expect(await rollout.outcome()).toBe(`0 s: gw-2 cannot get its image ${image} (no good): ${remedy}`);
    });
});

describe("a container that cannot be started", () => {
    it("is told after ten seconds, as a Secret may come a little later", async () => {
        const failed = waitsFor("CreateContainerConfigError", 'secret "backend" not found');
        rollout.set("gw-2", failed);
        expect(await rollout.outcome()).toBe('10 s: gw-2 cannot start its container: secret "backend" not found');
        rollout.at(15, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 15 s");
    });
});

describe("a replica that does not stay up", () => {
    it("is told with its last words, on one line", async () => {
        rollout.set("gw-2", { ready: false }).at(3, () => rollout.set("gw-2", crashing));
        rollout.log("gw-2", "starting\nError: no such key:\n  compresion\n");
        expect(await rollout.outcome()).toBe("3 s: gw-2 does not stay up: Error: no such key: compresion");
    });

    it("is told with how to have it tried again, when Kubernetes waits longer and longer already", async () => {
        rollout.set("gw-2", { ...crashing, restarts: 9 }).log("gw-2", "Error: no space left on device");
        expect(await rollout.outcome()).toBe(
            "0 s: gw-2 does not stay up: Error: no space left on device; once that is put right, " +
                "have it try again: kubectl --context fake -n telemetry delete pod gw-2",
        );
    });

    it("is told between two starts too, but not for restarts of long ago", async () => {
        rollout.set("gw-0", { restarts: 7 }).set("gw-2", { ready: false }).log("gw-2", "Error: no");
        rollout.at(20, () => rollout.set("gw-2", { ready: false, restarts: 1 }));
        rollout.at(40, () => rollout.set("gw-2", { ready: false, restarts: 2 }));
        expect(await rollout.outcome()).toBe("40 s: gw-2 does not stay up: Error: no");
    });

    it("is told with what its node says where it never ran", async () => {
        const ended = { reason: "StartError", message: 'exec: "/otelcol": no such file', exitCode: 128 };
        rollout.at(3, () => rollout.set("gw-2", { ...crashing, ended }));
        expect(await rollout.outcome()).toBe('3 s: gw-2 does not stay up: exec: "/otelcol": no such file');
    });

    it("is told with its exit code where nobody says anything, or nobody may read it", async () => {
        rollout.server.on("pods/gw-2/log", new Failure(403, "forbidden"));
        rollout.at(3, () => rollout.set("gw-2", { ...crashing, ended: { exitCode: 2 } }));
        expect(await rollout.outcome()).toBe("3 s: gw-2 does not stay up: it said nothing and ended with 2");
    });

    it("is told with its memory limit when that was it", async () => {
        rollout.at(3, () => rollout.set("gw-2", { ...crashing, ended: { reason: "OOMKilled", exitCode: 137 } }));
        expect(await rollout.outcome()).toBe(
            "3 s: gw-2 does not stay up: it used more memory than its limit of 64Mi (OOMKilled): raise gatewayMemory",
        );
    });

    it("is told with what helps when it may not write", async () => {
        rollout.at(3, () => rollout.set("gw-2", crashing));
        rollout.log("gw-2", "Error: mkdir /var/lib/otelcol/queue: permission denied");
        expect(await rollout.outcome()).toContain(
            "use a storage class whose volumes can belong to a group, or ephemeral)",
        );
    });

    it("is of no interest with the template before, or on its way out", async () => {
        rollout.set("gw-1", { ...crashing, isOld: true }).set("gw-2", { ...crashing, stopSeconds: 30 });
        rollout.at(20, () => rollout.set("gw-1", { uid: "1b" }).set("gw-2", { uid: "2b" }));
        expect(await rollout.outcome()).toBe("rolled out after 20 s");
    });
});

describe("a replica without its Role", () => {
    const line = (time: string) =>
        `E1123 ${time} reflector.go:227] "Failed to watch" err="endpointslices.discovery.k8s.io is forbidden: ` +
        'User \\"system:serviceaccount:telemetry:lb\\" cannot list resource \\"endpointslices\\" in API group ' +
        '\\"discovery.k8s.io\\" in the namespace \\"telemetry\\""\n';
    const told =
        "gw-2 is not ready: its service account lb may not list endpointslices in the namespace telemetry; " +
        "bring its Role back with: npm run pulumi -- up --refresh --stack stack, or allow it";

    it("is told after twenty seconds", async () => {
        rollout.set("gw-2", creating).at(2, () => rollout.set("gw-2", { ready: false }).log("gw-2", line("19:00:02")));
        expect(await rollout.outcome()).toBe(`22 s: ${told}`);
    });

    it("is told, if it waited for it before, only when it is denied once more", async () => {
        rollout.set("gw-2", { ready: false }).log("gw-2", line("18:00:00"));
        rollout.at(45, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 45 s");
        rollout.set("gw-2", { ready: false }).at(60, () => rollout.log("gw-2", line("19:01:00")));
        expect(await rollout.outcome()).toMatch(/^6\d s: gw-2 is not ready: its service account lb may not list/);
    });

    it("is not meant by somebody else's forbidden", async () => {
        rollout.set("gw-2", { ready: false }).at(30, () => rollout.set("gw-2"));
        rollout.at(1, () => rollout.log("gw-2", "HTTP Status Code 403: forbidden: token is invalid"));
        expect(await rollout.outcome()).toBe("rolled out after 30 s");
    });
});
