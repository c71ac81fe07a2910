import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { kill, scale, testCluster } from "../../bench/rigs/kubernetesCluster";
import { only, portTaken } from "../support/configs";
import { eventually } from "../support/eventually";
import { uidsOf } from "./cluster";
import { type KubernetesStack, withStack } from "./stack";

const twoMinutesMs = 120_000;

/** What `up` says, which takes it less than two minutes; afterwards the same stack comes up with better settings. */
async function refusal(stack: KubernetesStack, configuration: Record<string, unknown>): Promise<string> {
    const started = Date.now();
    const error = await stack.up(configuration).then(
        () => new Error("nothing was refused"),
        (refused: Error) => refused,
    );
    expect(Date.now() - started).toBeLessThan(twoMinutesMs);
    expect(error.message.split("\n"), error.message).toHaveLength(1);
    return error.message;
}

const uids = async ({ namespace }: KubernetesStack) =>
    Promise.all(["external-gateway", "gateway", "load-balancer"].map((workload) => uidsOf(namespace, workload)));

/** Waits until no pod and no Secret is left of those that looked at configurations. */
async function noneLeft({ namespace }: KubernetesStack): Promise<void> {
    const { core } = await testCluster();
    const theirs = { namespace, labelSelector: "otel-collector-tiers/validation" };
    await eventually("namespace without what validated", async () => {
        const [pods, secrets] = await Promise.all([core.listNamespacedPod(theirs), core.listNamespacedSecret(theirs)]);
        const names = [...pods.items, ...secrets.items].map(({ metadata }) => metadata?.name);
        return { done: names.length === 0, saw: names };
    });
}

test("a context that does not exist, and none, are refused with those that do", () =>
    withStack(async (stack) => {
        const { context } = await testCluster();
        expect(await refusal(stack, { context: "nowhere" })).toBe(`context is "nowhere"; allowed: ${context}`);
        expect(await refusal(stack, { context: "" })).toContain('context is ""');
    }));

test("a cluster that does not answer", () =>
    withStack(async (stack) => {
        const nobody = { clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:1" } }] };
        const file = join(mkdtempSync(join(tmpdir(), "otel-collector-tiers-kubeconfig-")), "config");
        const contexts = [{ name: "gone", context: { cluster: "gone", user: "nobody" } }];
        writeFileSync(file, stringify({ ...nobody, contexts, users: [{ name: "nobody", user: {} }] }));
        const own = process.env.KUBECONFIG;
        process.env.KUBECONFIG = [own, file].join(delimiter);
        try {
            expect(await refusal(stack, { context: "gone" })).toMatch(
                /^Kubernetes does not answer at https:\/\/127\.0\.0\.1:1 \(context gone: .*ECONNREFUSED.*\): start that cluster/,
            );
        } finally {
            process.env.KUBECONFIG = own;
            rmSync(dirname(file), { recursive: true });
        }
        await stack.up({ gateways: 1, loadBalancers: 1 });
    }));

test("a namespace that is missing, and one that belongs to somebody else", () =>
    withStack(async (stack) => {
        expect(await refusal(stack, { createNamespace: false })).toContain(`namespace is "${stack.namespace}"`);
        expect(await refusal(stack, { namespace: "kube-system" })).toContain('namespace is "kube-system"');
    }));

test("a storage class that does not exist", () =>
    withStack(async (stack) => {
        const message = await refusal(stack, { storageClass: "fast" });
        expect(message).toMatch(/^storageClass is "fast"; allowed: .*ephemeral/);
    }));

test("an image that cannot be pulled; then the right one", () =>
    withStack(async (stack) => {
        const message = await refusal(stack, { gateways: 1, image: "registry.invalid/collector:1" });
        expect(message).toContain("external-gateway");
        expect(message).toContain("registry.invalid/collector:1");
        await stack.up({ gateways: 1 });
        await stack.expectNoChanges();
    }));

test("what a collector does not take, or cannot be had, is refused by preview and by up, with nothing touched", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 2 });
        const before = await uids(stack);

        const broken = { gateways: 2, gatewayOverrides: only("receivers.otlp.protocols.grpc.endpoit", "x") };
        const inItsWords = /the collector does not take the configuration of gateway: .* has invalid keys: endpoit/;
        await expect(stack.preview(broken)).rejects.toThrow(inItsWords);
        expect(await refusal(stack, broken)).toMatch(inItsWords);
        const image = "registry.invalid/collector:1";
        expect(await refusal(stack, { gateways: 2, image })).toMatch(
            /^external-gateway cannot get its image registry\.invalid\/collector:1 \(.+\): set image to one/,
        );

        expect(await uids(stack)).toEqual(before);
        await noneLeft(stack);
        await stack.up({ gateways: 2 });
        expect(stack.changes).toBe(0);
    }));

test("a gateway that does not start: its own words, and the gateways before it still run", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 2 });
        const before = await uidsOf(stack.namespace, "gateway");
        const message = await refusal(stack, { gateways: 2, gatewayOverrides: portTaken });
        expect(message).toMatch(/^gateway-1 does not stay up: .*address already in use/);
        expect(await uidsOf(stack.namespace, "gateway")).toMatchObject({ "gateway-0": before["gateway-0"] });
        await stack.up({ gateways: 2 });
        await stack.expectNoChanges();
    }));

test("a quota that is exceeded; then a larger one", () =>
    withStack(
        async (stack) => {
            const { core } = await testCluster();
            await core.createNamespace({ body: { metadata: { name: stack.namespace } } });
            try {
                const quota = { metadata: { name: "few" }, spec: { hard: { pods: "1" } } };
                await core.createNamespacedResourceQuota({ namespace: stack.namespace, body: quota });
                const message = await refusal(stack, { gateways: 2 });
                expect(message).toContain("exceeded quota");
                await core.deleteNamespacedResourceQuota({ namespace: stack.namespace, name: "few" });
                await stack.up({ gateways: 2 });
                await stack.expectNoChanges();
            } finally {
                await core.deleteNamespace({ name: stack.namespace });
            }
        },
        { createNamespace: false },
    ));

test("gateways that somebody scaled by hand; a refresh brings their number back", () =>
    withStack(async (stack) => {
        const settings = { gateways: 1, loadBalancers: 1 };
        await stack.up(settings);
        await scale(stack.namespace, "gateway", 2);
        expect(await refusal(stack, settings)).toBe(
            "gateway was scaled by hand, to 2 replicas instead of 1; bring them back with: " +
                `npm run pulumi -- up --refresh --stack ${stack.name}, or set scaledBy to external`,
        );
        await stack.recover(settings);
        await stack.expectNoChanges();
    }));

test("without its Role an lb stays not ready, and up says why; a refresh brings the Role back", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 1, loadBalancers: 1 });
        const { namespace } = stack;
        const { rbac } = await testCluster();
        await rbac.deleteNamespacedRole({ namespace, name: "load-balancer" });
        await kill(namespace, "load-balancer-0");
        await stack.gone("load-balancer-0");
        const message = await refusal(stack, { gateways: 1, loadBalancers: 1 });
        expect(message).toContain("load-balancer-0");
        expect(message).toContain("endpointslices");
        await stack.recover({ gateways: 1, loadBalancers: 1 });
        await stack.expectNoChanges();
    }));
