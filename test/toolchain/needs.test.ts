import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { always, needs, ofCluster, ofPlatform, platformIn, platformOf, stackIn } from "../../toolchain/needs.mjs";
import { asksForCluster, runsOnTestMachine } from "../../toolchain/testMachine.mjs";
import { projectFolder } from "../support/stackSettings";

const platforms: Record<string, "docker" | "kubernetes"> = { k8s: "kubernetes" };
const of = (command: string, ...args: string[]) => needs(command, args, (stack) => platforms[stack] ?? "docker");

const docker = [...always, ...ofPlatform.docker];
const kubernetes = [...always, ...ofPlatform.kubernetes];

describe("a command gets what it needs, and nothing else", () => {
    it.each(["start", "verify", "destroy", "setup"])("%s: what the stack's platform takes", (command) => {
        expect(of(command)).toEqual(docker);
        expect(of(command, "--stack", "dev")).toEqual(docker);
        expect(of(command, "--stack", "k8s")).toEqual(kubernetes);
        expect(of(command, "--stack=k8s")).toEqual(kubernetes);
        expect(of(command, "-s", "k8s")).toEqual(kubernetes);
    });

    it("a stack on Kubernetes does not need Docker", () => {
        expect(kubernetes).not.toContain("dockerEngine");
        expect(kubernetes).not.toContain("collectorImage");
    });

    it.each(["up", "update", "preview", "destroy", "refresh", "import", "watch"])(
        "pulumi %s: the provider of the stack's platform",
        (command) => {
            expect(of("pulumi", command)).toEqual(docker);
            expect(of("pulumi", command, "--yes", "-s", "k8s")).toEqual(kubernetes);
            expect(of("pulumi", "-s", "k8s", command)).toEqual(kubernetes);
            expect(of("pulumi", "--non-interactive", command, "--stack=k8s")).toEqual(kubernetes);
        },
    );

    it.each([
        ["config", "set", "gateways", "5"],
        ["stack", "ls"],
        ["stack", "import"],
        ["cancel", "--stack", "k8s"],
        ["-s", "up", "config"],
        ["--help"],
        [],
    ])("pulumi %s %s %s %s: the CLI alone", (...args) => {
        expect(of("pulumi", ...args)).toEqual(always);
    });

    it("lint: npm packages", () => {
        expect(of("lint")).toEqual(["npmPackages"]);
    });

    it("sbom: the images, and neither the CLI nor a provider", () => {
        const images = ["dockerEngine", "collectorImage", "generatorImage"];
        expect(of("sbom", "--out", "folder")).toEqual(["npmPackages", ...images, "sboms"]);
    });

    it("bench: Docker, whatever platform any stack is on", () => {
        expect(of("bench", "--only", "cost")).toEqual(docker);
        expect(of("bench", "--stack", "k8s")).toEqual(docker);
    });

    it("cluster: its own parts, and nothing to take it down or to say where its kubeconfig is", () => {
        expect(of("cluster", "up")).toEqual(ofCluster);
        expect(of("cluster", "load", "image:1")).toEqual(ofCluster);
        expect(of("cluster", "down")).toEqual([]);
        expect(of("cluster", "kubeconfig")).toEqual([]);
        expect(of("cluster")).toEqual([]);
    });
});

describe("the stack that a command names", () => {
    it.each([
        [[], "dev"],
        [["--traces", "100"], "dev"],
        [["--traces", "100", "--stack", "k8s"], "k8s"],
        [["--stack", "organization/otel-collector-tiers/k8s"], "k8s"],
        [["--stack"], "dev"],
        [["--stack="], "dev"],
        [["--stacks", "k8s"], "dev"],
    ])("%j: %s", (args, stack) => {
        expect(stackIn(args)).toBe(stack);
    });
});

describe("a stack's platform", () => {
    it.each([
        ["config:\n  otel-collector-tiers:platform: kubernetes\n", "kubernetes"],
        ['config:\n  "otel-collector-tiers:platform": "kubernetes" # a cluster\n', "kubernetes"],
        ["config: {}\n", "docker"],
        ["", "docker"],
        ["config:\n  otel-collector-tiers:platform: docker\n", "docker"],
        ["config:\n  # otel-collector-tiers:platform: kubernetes\n", "docker"],
        ["config:\n  another-project:platform: kubernetes\n", "docker"],
    ])("in %j is %s", (text, platform) => {
        expect(platformIn(text)).toBe(platform);
    });

    it("is that of its file here, and docker without one", () => {
        expect(readdirSync(projectFolder)).toEqual(expect.arrayContaining(["Pulumi.dev.yaml", "Pulumi.k8s.yaml"]));
        expect(platformOf("dev")).toBe("docker");
        expect(platformOf("k8s")).toBe("kubernetes");
        expect(platformOf("there-is-none")).toBe("docker");
    });
});

describe("whether a command is going to use the cluster", () => {
    it.each<["test" | "faults", string[], boolean]>([
        ["test", [], true],
        ["test", ["test/unit"], true],
        ["test", ["--project", "kubernetes"], true],
        ["test", ["--project=e2e", "--project=kubernetes"], true],
        ["test", ["--project=faults"], true],
        ["test", ["--project", "unit"], false],
        ["test", ["--project=e2e"], false],
        ["faults", [], true],
        ["faults", ["--scenario", "steady", "--platform", "kubernetes"], true],
        ["faults", ["--platform=docker"], false],
    ])("%s %j: %s", (command, args, expected) => {
        expect(asksForCluster(command, args)).toBe(expected);
    });

    it("only these two run on all that this machine has", () => {
        expect(["test", "faults", "start", "bench"].filter(runsOnTestMachine)).toEqual(["test", "faults"]);
    });
});
