import type { V1ConfigMap, V1StatefulSet, V2HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { type Keys, runOnKubernetes } from "../../support/kubernetesStack";

const statefulSet = "kubernetes:apps/v1:StatefulSet";
const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const resource = (name: string, averageUtilization: number) => ({
    type: "Resource",
    resource: { name, target: { type: "Utilization", averageUtilization } },
});
const oneInFiveMinutes = {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Pods", value: 1, periodSeconds: 300 }],
};

describe("an autoscaler", () => {
    const specWith = async (keys: Keys = {}) => {
        const { object } = await runOnKubernetes({ scaledBy: "platform", ...keys });
        return object<V2HorizontalPodAutoscaler>("HorizontalPodAutoscaler", "gateway").spec;
    };

    it("keeps the gateways between two numbers by their CPU, and lets one go in five minutes", async () => {
        expect(await specWith({ gateways: 4, maxGateways: 20 })).toEqual({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "gateway" },
            minReplicas: 4,
            maxReplicas: 20,
            metrics: [resource("cpu", 75)],
            behavior: { scaleDown: oneInFiveMinutes },
        });
    });

    const pods = {
        type: "Pods",
        pods: { metric: { name: "spans" }, target: { type: "AverageValue", averageValue: "1k" } },
    };

    it.each<[string, Keys, object[]]>([
        ["CPU", { scaleOnCpu: 50 }, [resource("cpu", 50)]],
        ["memory alone", { scaleOnCpu: 0, scaleOnMemory: 80 }, [resource("memory", 80)]],
        ["other measures alone", { scaleOnCpu: 0, scaleOnMetrics: [pods] }, [pods]],
        [
            "all of them",
            { scaleOnMemory: 90, scaleOnMetrics: [pods] },
            [resource("cpu", 75), resource("memory", 90), pods],
        ],
    ])("looks at %s", async (_, keys, metrics) => {
        expect((await specWith(keys))?.metrics).toEqual(metrics);
    });

    it("goes at another pace where one is set, in each direction by itself", async () => {
        const scaleUp = { stabilizationWindowSeconds: 60 };
        expect((await specWith({ scaleBehavior: { scaleUp } }))?.behavior).toEqual({
            scaleDown: oneInFiveMinutes,
            scaleUp,
        });
        const scaleDown = { selectPolicy: "Disabled" };
        expect((await specWith({ scaleBehavior: { scaleDown } }))?.behavior).toEqual({ scaleDown });
    });

    it("has the tier as its parent, and its provider", async () => {
        const { engine } = await runOnKubernetes({ scaledBy: "platform" });
        const { parent, provider } = engine.byName(autoscaler, "gateway");
        const set = engine.byName(statefulSet, "gateway");
        expect([parent, provider]).toEqual([set.parent, set.provider]);
    });
});

describe.each(["platform", "external"])("where the number of gateways is for %s to say", (scaledBy) => {
    it("the StatefulSet says none, and never puts one back", async () => {
        const { engine, object } = await runOnKubernetes({ scaledBy });
        expect(object<V1StatefulSet>("StatefulSet", "gateway").spec).not.toHaveProperty("replicas");
        expect(engine.byName(statefulSet, "gateway").ignoreChanges).toEqual(["spec.replicas"]);
        for (const name of ["external-gateway", "load-balancer"]) {
            expect(engine.byName(statefulSet, name).ignoreChanges).toEqual([]);
        }
    });

    it("there is an autoscaler only for the platform", async () => {
        const { engine } = await runOnKubernetes({ scaledBy });
        const names = engine.byType(autoscaler).map(({ name }) => name);
        expect(names).toEqual(scaledBy === "platform" ? ["gateway"] : []);
    });

    it.each(["k8s", "dns"])("the lb with %s knows no gateway by name, and the outputs name none", async (resolver) => {
        const { object, outputs } = await runOnKubernetes({ scaledBy, resolver });
        expect(outputs.gateways).toEqual([]);
        expect(object<V1ConfigMap>("ConfigMap", "load-balancer").data?.["config.yaml"]).not.toContain("gateway-0");
    });
});

it("where nobody else scales, the number is what is set, and is put back", async () => {
    const { engine, object } = await runOnKubernetes({ gateways: 7 });
    expect(object<V1StatefulSet>("StatefulSet", "gateway").spec?.replicas).toBe(7);
    expect(engine.byName(statefulSet, "gateway").ignoreChanges).toEqual([]);
    expect(engine.byType(autoscaler)).toEqual([]);
});

it.each(["k8s", "dns"])("with %s, more gateways leave the lb as it is", async (resolver) => {
    const lbWith = async (gateways: number) => {
        const { engine } = await runOnKubernetes({ resolver, gateways });
        return engine.resources.filter(({ name }) => name === "load-balancer").map(({ inputs }) => inputs);
    };
    expect(await lbWith(9)).toEqual(await lbWith(2));
});
