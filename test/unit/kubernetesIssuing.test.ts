import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireAlone } from "../../components/platform/kubernetes/IssuedIdentity";
import { preflight } from "../../components/platform/kubernetes/preflight";
import { Failure, FakeApiServer } from "../support/fakeApiServer";
import { FakeRollout } from "../support/fakeRollout";

describe("a cluster that cert-manager is asked on", () => {
    const certManager = "/apis/cert-manager.io/v1";
    let server: FakeApiServer;
    beforeEach(async () => {
        server = await FakeApiServer.start();
        server.list("statefulsets", () => []);
    });
    afterEach(() => server.close());

    const look = async (asksCertManager: boolean) =>
        preflight(await server.cluster(), {
            createNamespace: true,
            storageClass: undefined,
            owner: "a=b",
            asksCertManager,
        });

    it("has to know what a Certificate is", async () => {
        await expect(look(true)).rejects.toThrow(
            /^the cluster of the context fake has no cert-manager: install it, or set mtls and clientTls to generated or provided$/,
        );
        server.on(certManager, { resources: [{ name: "issuers", kind: "Issuer" }] });
        await expect(look(true)).rejects.toThrow("has no cert-manager");
        server.on(certManager, { resources: [{ name: "certificates", kind: "Certificate" }] });
        await expect(look(true)).resolves.toEqual(new Map());
    });

    it("is not asked where nobody asks for certificates", async () => {
        await expect(look(false)).resolves.toEqual(new Map());
        expect(server.asked).not.toContain(`GET ${certManager}`);
    });
});

describe("an authority that cert-manager has made", () => {
    let server: FakeApiServer;
    beforeEach(async () => void (server = await FakeApiServer.start()));
    afterEach(() => server.close());

    const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const look = async (text: string) => {
        server.on("secrets/gw-authority", { data: { "tls.crt": Buffer.from(text).toString("base64") } });
        await requireAlone("gw-authority", await server.cluster());
    };

    it("is the only one in its Secret, or every tier would trust what the issuer has signed", async () => {
        await look(certificate);
        await expect(look(certificate.repeat(2))).rejects.toThrow(
            'the issuer of cert-manager is "one that put 2 certificates into tls.crt of the Secret gw-authority"; ' +
                "allowed: one that signs itself, or whose own certificate is a root",
        );
    });

    it("is believed where it may not be looked at", async () => {
        server.on("secrets/gw-authority", new Failure(403, "forbidden"));
        await requireAlone("gw-authority", await server.cluster());
    });
});

describe("a pod whose certificate is not there yet", () => {
    const creating = { phase: "Pending", waiting: { reason: "ContainerCreating" } };
    const name = "gw-identity";
    const certificate = `certificates/${name}`;
    let rollout: FakeRollout;
    beforeEach(async () => {
        rollout = await FakeRollout.start();
        for (const pod of ["gw-0", "gw-1"]) rollout.set(pod);
        const failed = `MountVolume.SetUp failed for volume "files" : secret "${name}" not found`;
        rollout.set("gw-2", creating).event("Pod", "gw-2", "FailedMount", failed);
    });
    afterEach(() => rollout.server.close());

    const said = (message: string) =>
        `gw-2 waits for the Secret ${name}, which cert-manager has not made in 180 s ` +
        `from the Certificate ${name} in the namespace telemetry: ${message}`;

    it("is waited for as long as cert-manager may take", async () => {
        rollout.server.on(certificate, {});
        rollout.at(150, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 150 s");
    });

    it("is given up after that, in cert-manager's words", async () => {
        const message = 'Referenced "Issuer" not found: issuer.cert-manager.io "root" not found';
        rollout.server.on(certificate, { status: { conditions: [{ type: "Ready", status: "False", message }] } });
        expect(await rollout.outcome()).toBe(`180 s: ${said(message)}`);
    });

    it.each([
        ["cert-manager does not run", {}],
        ["it may not be looked at", new Failure(403, "forbidden")],
    ])("is given up after that also where %s", async (_, answer) => {
        rollout.server.on(certificate, answer);
        expect(await rollout.outcome()).toBe(`180 s: ${said("it says nothing: look whether cert-manager runs")}`);
    });

    it("is not given up while its kubelet has yet to notice the Secret", async () => {
        rollout.server.on(certificate, {});
        rollout.server.on(`secrets/${name}`, { data: {} });
        rollout.at(290, () => rollout.set("gw-2"));
        expect(await rollout.outcome()).toBe("rolled out after 290 s");
    });

    it("is given up soon where nobody is about to make the Secret", async () => {
        expect(await rollout.outcome()).toBe(
            `30 s: gw-2 waits for the Secret ${name}, which is not in the namespace telemetry: create it`,
        );
    });
});
