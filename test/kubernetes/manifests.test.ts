import { readdirSync, readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { newStackName } from "../../bench/rigs/engineStack";
import { testCluster } from "../../bench/rigs/kubernetesCluster";

const folder = join(__dirname, "../golden/kubernetes");
const namespace = newStackName("e2e");
/** The test cluster has no cert-manager. */
const notInstalled = "cert-manager.io/v1";

/** What the API server says of an object, without keeping it; "" when it takes it. The client library would drop what it does not know. */
async function complaint(object: KubernetesObject): Promise<string> {
    const { server, options } = await serverAccess();
    const { apiVersion = "", kind = "" } = object;
    const group = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const plural = kind.toLowerCase().replace(/y$/, "ie").replace(/s$/, "se") + "s";
    const url = `${server}/${group}/namespaces/${namespace}/${plural}?dryRun=All&fieldValidation=Strict`;
    const body = JSON.stringify({ ...object, metadata: { ...object.metadata, namespace } });
    const { status, text } = await post(url, options, body);
    return status === 201 ? "" : `${kind} ${object.metadata?.name}: ${text}`;
}

async function serverAccess(): Promise<{ server: string; options: RequestOptions }> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromFile(process.env.TEST_KUBECONFIG ?? "");
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return { server: config.getCurrentCluster()?.server ?? "", options };
}

function post(url: string, options: RequestOptions, body: string): Promise<{ status?: number; text: string }> {
    const headers = { ...options.headers, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
        const call = request(url, { ...options, method: "POST", headers }, (response) => {
            let text = "";
            response.on("data", (chunk: Buffer) => (text += chunk.toString()));
            response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        call.on("error", reject);
        call.end(body);
    });
}

const objectsIn = (file: string) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8"))
        .map((document) => document.toJS() as KubernetesObject)
        .filter(({ kind, apiVersion }) => kind !== "Namespace" && apiVersion !== notInstalled);

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
