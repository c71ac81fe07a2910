import { describe, expect, it } from "vitest";
import { catalogue, ruleIds } from "../../components/collector/rules/catalogue";
import { topologyViolations } from "../../components/collector/topology";
import { brokenTopology, soundTopology, surroundings } from "../support/brokenTopologies";

it("a sound topology breaks no rule", () => {
    expect(topologyViolations(soundTopology(), surroundings)).toEqual([]);
});

describe.each(ruleIds)("%s", (id) => {
    it("is broken by one wrong value", () => {
        const broken = topologyViolations(brokenTopology(id).topology, surroundings).map(({ rule }) => rule);
        expect(broken).toContain(id);
    });

    it("is described in a clause and a sentence, without full stops", () => {
        const { guarantee, fix } = catalogue[id];
        expect(guarantee).toMatch(/^[a-z][^\n]{20,}[^.\s]$/);
        expect(fix).toMatch(/^[A-Z][^\n]{20,}[^.\s]$/);
    });
});

describe("of a tier that is not there nothing is asked", () => {
    it.each(["loadBalancer", "gateway", "externalGateway"] as const)("%s stands alone", (tier) => {
        const only = (topology: ReturnType<typeof soundTopology>) => ({ [tier]: topology[tier] });
        expect(topologyViolations(only(soundTopology()), surroundings)).toEqual([]);
        const own = ruleIds.filter((id) => !id.startsWith("topology/") && brokenTopology(id).tier === tier);
        expect(own.length).toBeGreaterThan(3);
        for (const id of own)
            expect(topologyViolations(only(brokenTopology(id).topology), surroundings)).toContainEqual(
                expect.objectContaining({ rule: id, tier }),
            );
    });

    it("but two that are neighbours still have to fit", () => {
        const { loadBalancer, gateway } = brokenTopology("topology/limits-grow").topology;
        expect(topologyViolations({ loadBalancer, gateway }).map(({ rule }) => rule)).toContain("topology/limits-grow");
        const { externalGateway } = soundTopology();
        expect(topologyViolations({ loadBalancer, externalGateway })).toEqual([]);
    });
});

it("who has no certificates is not asked for them", () => {
    const { topology } = brokenTopology("mtls/senders-prove-themselves");
    expect(topologyViolations(topology, { ...surroundings, hasIdentities: false })).toEqual([]);
});

describe("a queue is on a volume that outlives the tier", () => {
    const violated = (path: string) =>
        topologyViolations(
            { loadBalancer: soundTopology().loadBalancer },
            { volumes: { loadBalancer: [{ path }] } },
        ).map(({ rule }) => rule);

    it.each(["/", "/var/lib/otelcol", "/var/lib/otelcol/", "/var/lib/otelcol/queue"])("on %s", (path) => {
        expect(violated(path)).toEqual([]);
    });

    it.each(["/var/lib/otel", "/data", "/var/lib/otelcol/queue/deeper"])("not on %s", (path) => {
        expect(violated(path)).toEqual(Array(3).fill("custody/lb-queue-on-disk"));
    });

    it("nor on none", () => {
        const { loadBalancer } = soundTopology();
        expect(topologyViolations({ loadBalancer }, { volumes: { loadBalancer: [] } })[0]).toMatchObject({
            path: "extensions.file_storage/queue.directory",
            got: "/var/lib/otelcol/queue",
            allowed: "a folder on a volume, of which there is none",
        });
    });
});
