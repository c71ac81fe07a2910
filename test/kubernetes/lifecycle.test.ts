import { expect, test } from "vitest";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { eventually } from "../support/eventually";
import { median, millisecondsOf, withEmptyStack } from "../support/emptyStack";
import { steady } from "../support/traffic";
import { KubernetesStack, withStack } from "./stack";

/** The volumes of a namespace, also when it is gone itself. */
async function volumesOf(namespace: string): Promise<(string | undefined)[]> {
    const { items } = await (await testCluster()).core.listPersistentVolume();
    return items.filter(({ spec }) => spec?.claimRef?.namespace === namespace).map(({ metadata }) => metadata?.name);
}

test("what is in the queues outlives a plain destroy; ours leaves nothing: no object, no volume, no namespace", async () => {
    const stack = await KubernetesStack.create({ scaledBy: "platform" });
    await stack.up({ gateways: 2, generator: true });
    await stack.through(async (target) => {
        expect(await steady(target, 50)).toMatchObject({ acknowledged: 200, lost: 0, split: 0 });
    });
    const { namespace } = stack;
    const volumes = await volumesOf(namespace);
    expect(volumes).toHaveLength(3);

    await stack.plainDestroy();
    expect(await volumesOf(namespace)).toEqual(volumes);
    await stack.up({ gateways: 2 });
    expect(await volumesOf(namespace)).toEqual(volumes);

    await stack.destroy();
    const { core } = await testCluster();
    await expect(core.readNamespace({ name: namespace })).rejects.toMatchObject({ code: 404 });
    await eventually("end of its volumes", async () => {
        const left = await volumesOf(namespace);
        return { done: left.length === 0, saw: left };
    });
});

test("a change of the volumes' size makes the StatefulSets anew, on the volumes that there are", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 1, storageSize: "400Mi" });
        const volumes = await volumesOf(stack.namespace);
        await stack.up({ gateways: 1, storageSize: "500Mi" });
        expect(await volumesOf(stack.namespace)).toEqual(volumes);
        await stack.expectNoChanges();
    }));

test("in a namespace that stays, destroy leaves what was there before, and nothing of its own", async () => {
    const stack = await KubernetesStack.create({ createNamespace: false });
    const { core, objects } = await testCluster();
    const { namespace } = stack;
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    try {
        await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: "theirs" } } });
        await stack.up({ gateways: 2 });
        await stack.through(async (target) => {
            expect(await steady(target, 50)).toMatchObject({ acknowledged: 200, lost: 0, split: 0 });
        });
        await stack.destroy();
        const kinds = [
            ["v1", "Pod"],
            ["v1", "PersistentVolumeClaim"],
            ["v1", "Secret"],
            ["v1", "Service"],
            ["apps/v1", "StatefulSet"],
            ["rbac.authorization.k8s.io/v1", "Role"],
            ["networking.k8s.io/v1", "NetworkPolicy"],
            ["policy/v1", "PodDisruptionBudget"],
        ] as const;
        for (const [apiVersion, kind] of kinds) {
            const { items } = await objects.list(apiVersion, kind, namespace);
            expect(items, kind).toEqual([]);
        }
        const maps = (await core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name);
        expect(maps.sort()).toEqual(["kube-root-ca.crt", "theirs"]);
    } finally {
        await core.deleteNamespace({ name: namespace });
    }
});

test("40 gateways come up on one node; each gets its traces; another up costs little more than an empty program", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 40 });
        await stack.through(async (target) => {
            const outcome = await steady(target, 1_000);
            expect(outcome).toMatchObject({ acknowledged: 4_000, lost: 0, split: 0 });
            expect(Object.keys(outcome.shares)).toHaveLength(40);
        });
        await withEmptyStack(async (engine) => {
            await engine.up();
            const times: { ours: number[]; empty: number[] } = { ours: [], empty: [] };
            for (let round = 0; round < 5; round++) {
                times.empty.push(await millisecondsOf(() => engine.up()));
                times.ours.push(await millisecondsOf(() => stack.expectNoChanges()));
            }
            console.log("up without changes, in ms", JSON.stringify(times));
            expect(median(times.ours) / median(times.empty)).toBeLessThan(2.5);
        });
    }));
