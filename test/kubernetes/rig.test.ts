import { expect, test } from "vitest";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { ForwardedPorts } from "../../bench/rigs/kubernetesPorts";
import { KubernetesRig, type KubernetesRigArgs } from "../../bench/rigs/kubernetesRig";
import { processesOf } from "../../bench/rigs/kubernetesProcesses";
import { end } from "../../bench/rigs/processes";
import { queuedAt } from "../../bench/rigs/queued";
import { eventually } from "../support/eventually";

async function withRig(args: KubernetesRigArgs, act: (rig: KubernetesRig) => Promise<void>): Promise<void> {
    const rig = await KubernetesRig.create(args);
    try {
        await act(rig);
    } finally {
        await rig.destroy();
    }
    const { core } = await testCluster();
    await expect(core.readNamespace({ name: rig.namespace })).rejects.toMatchObject({ code: 404 });
}

/** Waits for the pods behind a ring, and until every lb has as many. */
const untilRing = (rig: KubernetesRig, pods: string[]) =>
    eventually(`ring of ${pods.join(", ")}`, async () => {
        const ring = Object.values(await rig.ring()).sort();
        const views = await rig.ringViews();
        const isSeen = views.length > 0 && views.every(({ backends }) => backends === pods.length);
        return { done: isSeen && ring.join() === pods.join(), saw: { ring, views } };
    });

const small = { gateways: 2, loadBalancers: 1 };
const both = ["gateway-0", "gateway-1"];

test("a gateway leaves the ring when it is stopped, killed or frozen, and comes back; none of it is a crash", () =>
    withRig({ resolver: "k8s", settings: small }, async (rig) => {
        await rig.up({});
        await untilRing(rig, both);
        const before = Object.keys(await rig.ring());

        for (const end of ["stop", "kill"] as const) {
            await rig[end]("gateway-1");
            await untilRing(rig, ["gateway-0"]);
            await rig.start("gateway-1");
            await untilRing(rig, both);
        }
        expect(Object.keys(await rig.ring()).sort(), "a successor has another address").not.toEqual(before.sort());

        await rig.pause("gateway-0");
        await untilRing(rig, ["gateway-1"]);
        await rig.resume("gateway-0");
        await untilRing(rig, both);

        await rig.removeAll("gateway");
        expect(await rig.replicas("gateway")).toEqual([]);
        await untilRing(rig, []);
        await rig.restoreAll("gateway");
        await untilRing(rig, both);
        expect(await rig.crashes()).toEqual([]);
    }));

test("queues, memory and clients are those of the pods, and an end that nobody asked for is a crash", () =>
    withRig({ resolver: "static", settings: small }, async (rig) => {
        await rig.up({});
        await untilRing(rig, both);
        expect(Object.keys(await rig.ring())[0]).toBe(`gateway-0.gateway.${rig.namespace}.svc:4317`);
        expect(await rig.replicas("load-balancer")).toEqual(["load-balancer-0"]);
        expect((await rig.clients()).grpc).toHaveLength(1);

        const { bytes = 0, limit } = (await rig.memory())["gateway-1"] ?? {};
        expect(limit).toBe(512 * 2 ** 20);
        expect(bytes).toBeGreaterThan(2 ** 20);
        expect(bytes).toBeLessThan(limit ?? 0);

        expect(await rig.queued()).toBe(0);
        const { core, context } = await testCluster();
        const forwards = new ForwardedPorts({ context, namespace: rig.namespace });
        const forwarded = `http://${await forwards.address("load-balancer-0", 8888)}/metrics`;
        expect(await queuedAt([forwarded])).toBe(0);
        await rig.pause("external-gateway-0");
        expect(await rig.queued()).toBeUndefined();
        await rig.resume("external-gateway-0");
        await forwards.close();

        end(processesOf(await core.readNamespacedPod({ namespace: rig.namespace, name: "gateway-0" })));
        await eventually("crash that is told", async () => {
            const saw = await rig.crashes();
            return { done: saw.length > 0, saw };
        });
        expect(await rig.crashes()).toEqual(["gateway-0 ended by itself with exit code 137"]);
    }));

test("an update whose engine was killed half-way is brought to its end by the next one", () =>
    withRig({ resolver: "k8s", settings: small }, async (rig) => {
        await rig.interruptedUp({}, 4_000);
        await rig.up({});
        await untilRing(rig, both);
        expect(await rig.crashes()).toEqual([]);
    }));
