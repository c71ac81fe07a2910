import { expect, test } from "vitest";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { eventually } from "../support/eventually";
import { steady, underTraffic } from "../support/traffic";
import { livesOf, podsOf, servedSerial } from "./cluster";
import { ringOf } from "./ring";
import { StandInIssuer } from "./standInIssuer";
import { KubernetesStack } from "./stack";

const settings = { gateways: 2, mtls: "cert-manager", certificatesFrom: { issuer: { name: "root" } } };
const renewedMs = 180_000;

/** Waits until a pod waits for a Secret. */
async function untilHeldUp(namespace: string): Promise<void> {
    const { core } = await testCluster();
    await eventually(
        "pod that waits for its certificate",
        async () => {
            const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: "reason=FailedMount" });
            const saw = items.map(({ message }) => message);
            return { done: saw.some((message) => /secret "\S+" not found/.test(message ?? "")), saw };
        },
        120_000,
    );
}

test("a stack whose certificates cert-manager makes waits for them, works, and takes renewed ones without a restart", async () => {
    const stack = await KubernetesStack.create();
    const { namespace } = stack;
    let issuer: StandInIssuer | undefined;
    try {
        const up = stack.up(settings);
        await Promise.race([up, untilHeldUp(namespace)]);
        expect((await podsOf(namespace, "external-gateway")).size, "nothing was waited for").toBe(1);
        issuer = await StandInIssuer.start(namespace);
        await up;
        await stack.expectNoChanges();
        await stack.expectNoChanges({ refresh: true });

        const pods = ["gateway-0", "gateway-1", "external-gateway-0"];
        const serials = () => Promise.all(pods.map((pod) => servedSerial(namespace, pod)));
        const [first, before] = [await serials(), await livesOf(namespace)];
        await stack.through(async (target) => {
            await ringOf(target.metrics, 2);
            const outcome = await underTraffic(
                target,
                async () => {
                    await issuer?.renew();
                    await eventually(
                        "renewed certificates",
                        async () => {
                            const saw = await serials();
                            return { done: saw.every((serial, index) => serial !== first[index]), saw };
                        },
                        renewedMs,
                    );
                },
                { tracesPerSecond: 10 },
            );
            expect(outcome).toMatchObject({ lost: 0, duplicated: 0, split: 0 });
            expect(await steady(target, 50)).toMatchObject({ acknowledged: 200, lost: 0, duplicated: 0, split: 0 });
        });
        expect(await livesOf(namespace)).toEqual(before);
        await stack.expectNoChanges();
    } finally {
        await issuer?.stop();
        await stack.destroy();
    }
    const { core } = await testCluster();
    await expect(core.readNamespace({ name: namespace })).rejects.toMatchObject({ code: 404 });
});
