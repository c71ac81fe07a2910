import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, type RuleId, ruleIds } from "../../components/collector/rules/catalogue";
import { brokenTopology } from "../support/brokenTopologies";
import { stackOf, urnOfTier } from "../support/collectorStacks";
import { PolicyPackProcess, type Sent, secret, unknownText } from "../support/policyPack";

describe("the policy pack, asked as the engine asks it", () => {
    let pack: PolicyPackProcess;
    beforeAll(async () => {
        pack = await PolicyPackProcess.start();
    }, 60_000);
    afterAll(() => pack?.stop());

    const rulesIn = async (resources: Sent[]) => [
        ...new Set((await pack.analyze(resources)).map((found) => found.getPolicyname())),
    ];

    it("has a mandatory policy for each rule, which says what it promises", async () => {
        expect(await pack.policies()).toEqual(
            ruleIds.map((id) => [id, `Promised: ${catalogue[id].guarantee}.`, EnforcementLevel.MANDATORY]),
        );
    });

    it("has nothing against a sound stack", async () => {
        expect(await rulesIn(stackOf())).toEqual([]);
    });

    it.each(ruleIds)("finds %s broken, in the tier that breaks it", async (id) => {
        const { topology, tier } = brokenTopology(id);
        const found = (await pack.analyze(stackOf(topology))).filter((one) => one.getPolicyname() === id);
        expect(found.length).toBeGreaterThan(0);
        for (const one of found) {
            expect(one.getUrn()).toBe(urnOfTier(tier));
            expect(one.getEnforcementlevel()).toBe(EnforcementLevel.MANDATORY);
            expect(one.getMessage()).toMatch(/^ConfigMap telemetry\/\S+, relay\.yaml: \S+ is .*; allowed: .*\. /m);
            expect(one.getMessage().endsWith(`${catalogue[id].fix}.`)).toBe(true);
        }
    });

    const retries = brokenTopology("custody/lb-retries-for-ever").topology;

    it("says where, what stands there, what would do, and how", async () => {
        const [found] = await pack.analyze(stackOf(retries));
        expect(found?.getMessage()).toBe(
            "Promised: an lb sends what it has acknowledged until a gateway takes it, however long that takes.\n" +
                "ConfigMap telemetry/entry, relay.yaml: exporters.load_balancing.retry_on_failure.max_elapsed_time " +
                'is "5m"; allowed: 0s. Set enabled: true, max_elapsed_time: 0s and both intervals in the exporter\'s ' +
                "retry_on_failure, all of them.",
        );
    });

    const withText = (change: (text: unknown) => unknown): Sent[] =>
        stackOf(retries).map((one) => {
            const data = one.props.data as Record<string, unknown> | undefined;
            return data ? { ...one, props: { ...one.props, data: { "relay.yaml": change(data["relay.yaml"]) } } } : one;
        });

    it("looks into a text that is a secret", async () => {
        expect(await rulesIn(withText(secret))).toEqual(["custody/lb-retries-for-ever"]);
    });

    it("passes over a text that a preview does not know", async () => {
        expect(await rulesIn(withText(() => unknownText))).toEqual([]);
    });

    it("finds a lone tier's mistakes too", async () => {
        const lb = stackOf(retries).filter(({ urn }) => urn.endsWith("::entry"));
        expect(await rulesIn(lb)).toEqual(["custody/lb-retries-for-ever"]);
    });

    it("can be told to take a rule less seriously, or not at all", async () => {
        const levelOf = async (id: RuleId) =>
            (await pack.analyze(stackOf(retries)))
                .filter((one) => one.getPolicyname() === id)[0]
                ?.getEnforcementlevel();
        await pack.configure({ "custody/lb-retries-for-ever": EnforcementLevel.ADVISORY });
        expect(await levelOf("custody/lb-retries-for-ever")).toBe(EnforcementLevel.ADVISORY);
        await pack.configure({ "custody/lb-retries-for-ever": EnforcementLevel.DISABLED });
        expect(await levelOf("custody/lb-retries-for-ever")).toBeUndefined();
        await pack.configure({});
        expect(await levelOf("custody/lb-retries-for-ever")).toBe(EnforcementLevel.MANDATORY);
    });
});
