import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { newStackName } from "../support/engineStack";
import { testCluster } from "./cluster";

const folder = join(__dirname, "../golden/kubernetes");
const namespace = newStackName();

/** What the API server says of an object, without keeping it; "" when it takes it. */
async function complaint(object: KubernetesObject): Promise<string> {
    const { objects } = await testCluster();
    const here = { ...object, metadata: { ...object.metadata, namespace } };
    try {
        await objects.create(here, undefined, "All", "test", "Strict" as never);
        return "";
    } catch (error) {
        return `${object.kind} ${object.metadata?.name}: ${(error as { body?: string }).body ?? String(error)}`;
    }
}

const objectsIn = (file: string) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8"))
        .map((document) => document.toJS() as KubernetesObject)
        .filter(({ kind }) => kind !== "Namespace");

describe("the API server", () => {
    beforeAll(async () => {
        if (!process.env.TEST_KUBECONFIG) return;
        const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
        await (await testCluster()).core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    });

    afterAll(async () => {
        if (process.env.TEST_KUBECONFIG) await (await testCluster()).core.deleteNamespace({ name: namespace });
    });

    test.each(readdirSync(folder))("takes every object of %s", async (file) => {
        const objects = objectsIn(file);
        expect(objects.length).toBeGreaterThan(10);
        expect((await Promise.all(objects.map(complaint))).filter(Boolean)).toEqual([]);
    });

    test("refuses a field that there is not", async () => {
        const set = objectsIn("defaults.yaml").find(({ kind }) => kind === "StatefulSet") as KubernetesObject & {
            spec: object;
        };
        expect(await complaint({ ...set, spec: { ...set.spec, replica: 3 } } as KubernetesObject)).toContain(
            'unknown field \\"spec.replica\\"',
        );
    });
});
