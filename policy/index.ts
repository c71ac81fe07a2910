// A policy for each rule, so that people can set each to another enforcement level, or off.
import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
import { catalogue, ruleIds } from "../components/collector/rules/catalogue";
import { collectorsOf } from "./collectors";
import { type Finding, findingsIn } from "./findings";

let last: { collectors: string; findings: Finding[] } | undefined;

/** Every policy is asked about the same stack, one after another. */
function findingsOnce(collectors: ReturnType<typeof collectorsOf>): Finding[] {
    const key = JSON.stringify(collectors);
    if (last?.collectors !== key) last = { collectors: key, findings: findingsIn(collectors) };
    return last.findings;
}

const policies = ruleIds.map((id): StackValidationPolicy => ({
    name: id,
    description: `Promised: ${catalogue[id].guarantee}.`,
    validateStack: ({ resources }, reportViolation) => {
        const found = findingsOnce(collectorsOf(resources)).filter(({ rule }) => rule === id);
        for (const { urn, message } of found) reportViolation(message, urn);
    },
}));

new PolicyPack("otel-collector-tiers", { enforcementLevel: "mandatory", policies });
