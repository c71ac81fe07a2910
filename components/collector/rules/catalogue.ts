import { custodyRules } from "./custodyRules";
import { ingressRules } from "./ingressRules";
import { mtlsRules } from "./mtlsRules";
import { topologyRules } from "./topologyRules";

/** Every rule, family by family; a further one is a file and a line here. */
export const catalogue = { ...custodyRules, ...topologyRules, ...mtlsRules, ...ingressRules };

/** "family/name" of a rule that is described, as in "custody/lb-queue-on-disk". */
export type RuleId = keyof typeof catalogue;

export const ruleIds = Object.keys(catalogue) as RuleId[];

export const isRuleId = (id: unknown): id is RuleId => typeof id === "string" && Object.hasOwn(catalogue, id);
