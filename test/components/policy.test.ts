import { beforeEach, describe, expect, it, vi } from "vitest";
import topology from "../../index";
import { collectorsOf } from "../../policy/collectors";
import { findingsIn } from "../../policy/findings";
import { chainsOf } from "../../policy/tiers";
import { only } from "../support/configs";
import { runOnKubernetes } from "../support/kubernetesStack";
import { autoNamed, RecordingEngine } from "../support/mocks";
import { configure } from "../support/stackSettings";

vi.mock("dockerode", () => import("../support/refusingDockerode"));
vi.mock("../../components/platform/docker/preflight", () => ({ preflight: vi.fn(() => Promise.resolve()) }));
vi.mock("../../components/platform/docker/validate", () => ({ validate: vi.fn(() => Promise.resolve()) }));

/** A stack's resources as a policy is given them. */
const given = ({ resources }: RecordingEngine) =>
    resources.map(({ type, urn, name, inputs }) => ({
        type,
        urn,
        props: { ...inputs, metadata: { name: autoNamed(name), ...(inputs.metadata as object) } },
    }));

const lossy = { gatewayOverrides: only("service.pipelines.traces.processors", ["tail_sampling"]) };
const waived = ["custody/gateway-keeps-nothing-in-memory"];

const rulesIn = (engine: RecordingEngine) => [
    ...new Set(findingsIn(collectorsOf(given(engine))).map(({ rule }) => rule)),
];
const wholeChains = (engine: RecordingEngine) =>
    chainsOf(collectorsOf(given(engine))).filter((chain) => Object.keys(chain).length === 3).length;

describe("the policy pack and this project's own stacks on Docker", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });

    it.each([{}, { resolver: "dns" }, { backends: [{ endpoint: "https://a", headers: { key: "SECRET" } }] }])(
        "%j: all are found, and none breaks a rule",
        async (keys) => {
            configure({ loadBalancers: 2, ...keys });
            await engine.run(topology);
            expect(wholeChains(engine)).toBe(1);
            expect(rulesIn(engine)).toEqual([]);
        },
    );

    it("what the stack waives, the pack finds", async () => {
        configure({ ...lossy, waived });
        await engine.run(topology);
        expect(rulesIn(engine)).toEqual(waived);
    });
});

/** What Pulumi.k8s.yaml waives. */
const open = ["ingress/is-encrypted", "ingress/knows-its-clients"];

describe("the policy pack and this project's own stacks on Kubernetes", () => {
    it.each([{}, { resolver: "dns" }, { resolver: "static" }, { loadBalancerOverrides: { receivers: {} } }])(
        "%j: all are found, and none breaks a rule that is not waived",
        async (keys) => {
            const { engine } = await runOnKubernetes(keys);
            expect(wholeChains(engine)).toBe(1);
            expect(rulesIn(engine)).toEqual(open);
        },
    );

    it("what the stack waives, the pack finds", async () => {
        const { engine } = await runOnKubernetes({ ...lossy, waived: [...waived, ...open] });
        expect(rulesIn(engine)).toEqual(expect.arrayContaining([...waived, ...open]));
    });

    it("a queue that dies with its pod is one that nobody keeps", async () => {
        const { engine } = await runOnKubernetes({ storageClass: "ephemeral", backends: [{ endpoint: "https://a" }] });
        expect(rulesIn(engine).filter((rule) => rule.startsWith("custody/"))).toEqual([
            "custody/lb-queue-on-disk",
            "custody/external-queue-on-disk",
        ]);
    });
});
