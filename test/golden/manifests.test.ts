import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { manifestsOf, manifestText, type Preset, presetNames } from "../support/kubernetesManifests";
import { unknown } from "../support/mocks";

const folder = join(__dirname, "kubernetes");

describe("what a stack creates on Kubernetes is its golden file", () => {
    it.each(presetNames)("%s", async (preset) => {
        const text = manifestText(await manifestsOf(preset));
        await expect(text).toMatchFileSnapshot(join(folder, `${preset}.yaml`));
        expect(text).not.toContain(unknown);
        expect(text).not.toContain("SECRET");
    });

    it("and there is no golden file that nothing creates", () => {
        expect(readdirSync(folder).sort()).toEqual(presetNames.map((preset) => `${preset}.yaml`).sort());
    });
});

describe("what changes from the defaults", () => {
    const byName = async (preset: Preset) =>
        new Map((await manifestsOf(preset)).map((one) => [`${one.kind} ${one.metadata?.name}`, manifestText([one])]));

    const differing = async (preset: Preset) => {
        const [before, after] = [await byName("defaults"), await byName(preset)];
        const all = [...new Set([...before.keys(), ...after.keys()])];
        return all.filter((name) => before.get(name) !== after.get(name)).sort();
    };

    it.each<[Preset, string[]]>([
        [
            "dns",
            [
                "ConfigMap load-balancer-00000000",
                "NetworkPolicy load-balancer",
                "Role load-balancer",
                "RoleBinding load-balancer",
                "StatefulSet load-balancer",
            ],
        ],
        [
            "static",
            [
                "ConfigMap load-balancer-00000000",
                "NetworkPolicy load-balancer",
                "Role load-balancer",
                "RoleBinding load-balancer",
                "StatefulSet load-balancer",
            ],
        ],
        ["hpa", ["HorizontalPodAutoscaler gateway", "StatefulSet gateway"]],
        ["external-scaler", ["StatefulSet gateway"]],
        [
            "ephemeral",
            ["ConfigMap load-balancer-00000000", "StatefulSet external-gateway", "StatefulSet load-balancer"],
        ],
        [
            "exposed",
            [
                "GRPCRoute load-balancer-grpc",
                "HTTPRoute load-balancer-http",
                "Ingress load-balancer-grpc",
                "Ingress load-balancer-http",
                "Service load-balancer",
            ],
        ],
        [
            "plain",
            [
                "ConfigMap external-gateway-00000000",
                "ConfigMap gateway-00000000",
                "ConfigMap load-balancer-00000000",
                "Secret external-gateway-secrets",
                "Secret gateway-secrets",
                "Secret load-balancer-secrets",
                "Service external-gateway",
                "Service gateway",
                "StatefulSet external-gateway",
                "StatefulSet gateway",
                "StatefulSet load-balancer",
            ],
        ],
        [
            "backends",
            ["ConfigMap external-gateway-00000000", "Secret external-gateway-00000000", "StatefulSet external-gateway"],
        ],
    ])("%s concerns these objects only", async (preset, objects) => {
        expect(await differing(preset)).toEqual(objects);
    });
});
