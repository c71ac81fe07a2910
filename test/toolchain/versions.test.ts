import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { GENERATOR_DEFAULTS } from "../../components/TelemetryGenerator";
import { TIER_DEFAULTS } from "../../components/tier";
import { collectorImage, generatorImage } from "../../toolchain/steps/images.mjs";
import versions from "../../toolchain/versions.json";
import { defaultKeys, projectFolder } from "../support/stackSettings";

const read = (path: string) => readFileSync(join(projectFolder, path), "utf8");
const json = (path: string) => JSON.parse(read(path)) as { version: string; dependencies: Record<string, string> };

describe("one version of each tool, wherever it is named", () => {
    it("the Docker provider is that of its SDK", () => {
        expect(versions.dockerProvider).toBe(json("node_modules/@pulumi/docker/package.json").version);
        expect(versions.dockerProvider).toBe(json("package.json").dependencies["@pulumi/docker"]);
    });

    it("the Kubernetes provider is that of its SDK", () => {
        expect(versions.kubernetesProvider).toBe(json("node_modules/@pulumi/kubernetes/package.json").version);
        expect(versions.kubernetesProvider).toBe(json("package.json").dependencies["@pulumi/kubernetes"]);
    });

    it("a test cluster's parts are those that its recipes build", () => {
        const recipe = (name: string) => read(`toolchain/cluster/${name}/go.mod`);
        expect(recipe("kube")).toContain(`\tk8s.io/kubernetes v${versions.kubernetes}\n`);
        expect(recipe("coredns")).toMatch(new RegExp(`github.com/coredns/coredns v${versions.coredns}\\b`));
        expect(recipe("gateway-api")).toContain(`sigs.k8s.io/gateway-api v${versions.gatewayApi}\n`);
        expect(recipe("cert-manager")).toContain(`github.com/cert-manager/cert-manager v${versions.certManager}\n`);
    });

    it("the collector is that of the default image", () => {
        const image = `otel-collector-tiers/collector:${versions.collector}`;
        expect([defaultKeys.image, TIER_DEFAULTS.image, collectorImage]).toEqual([image, image, image]);
    });

    it("telemetrygen is the collector's", () => {
        const image = `otel-collector-tiers/telemetrygen:${versions.collector}`;
        expect([defaultKeys.generatorImage, GENERATOR_DEFAULTS.image, generatorImage]).toEqual([image, image, image]);
        expect(read("toolchain/telemetrygen/go.mod")).toMatch(new RegExp(`cmd/telemetrygen v${versions.collector}\\b`));
    });

    it("the official images that the stack k8s asks for are of that version", () => {
        const { config } = parse(read("Pulumi.k8s.yaml")) as { config: Record<string, unknown> };
        const of = (key: string) => config[`otel-collector-tiers:${key}`];
        expect(of("image")).toBe(`otel/opentelemetry-collector-contrib:${versions.collector}`);
        expect(of("generatorImage")).toMatch(new RegExp(`/telemetrygen:v${versions.collector}$`));
    });

    it("the collector that setup builds is that one, in every component", () => {
        const manifest = parse(read("toolchain/collector/manifest.yaml")) as {
            dist: { version: string };
        } & Record<string, { gomod: string }[]>;
        expect(manifest.dist.version).toBe(versions.collector);
        const components = ["extensions", "receivers", "processors", "exporters", "connectors"].flatMap((kind) =>
            (manifest[kind] ?? []).map(({ gomod }) => gomod.split(" ")[1]),
        );
        expect(components.length).toBeGreaterThan(10);
        expect(new Set(components)).toEqual(new Set([`v${versions.collector}`]));
    });

    it("the program that writes SBOMs is the one its recipe builds", () => {
        expect(read("toolchain/sbom/go.mod")).toMatch(
            new RegExp(`github.com/CycloneDX/cyclonedx-gomod v${versions.cyclonedxGomod}\\b`),
        );
    });

    it("the CLI that setup gets is the one its recipe builds, and new enough", () => {
        expect(read("toolchain/pulumi-cli/go.mod")).toMatch(
            new RegExp(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\\b`),
        );
        const project = parse(read("Pulumi.yaml")) as { requiredPulumiVersion: string };
        expect(project.requiredPulumiVersion).toBe(`>=${versions.pulumiOldest}`);
    });
});
