import * as pulumi from "@pulumi/pulumi";
import { InvalidInput } from "../errors";
import { lastWords } from "./lastWords";
import { type Identified, Validated } from "./validated";

/** What makes a collector look at a configuration, and end. */
export const validateArgs = (file: string) => ["validate", `--config=file:${file}`];

/** How a collector that was to look at the configuration of a tier ended. */
export interface Verdict {
    tier: string;
    exitCode: number;
    said: string;
}

/**
 * Has collectors look at what none of their images has taken before, and remembers what is taken.
 * @param ask starts the collectors; where one cannot be started there is no verdict for its tier
 * @throws InvalidInput in the collectors' own words
 */
export async function validateNew(
    collectors: Identified[],
    ask: (collectors: Identified[]) => Promise<Verdict[]>,
): Promise<void> {
    const validated = new Validated();
    const unknown = collectors.filter((collector) => !validated.has(collector));
    if (unknown.length === 0) return;

    const verdicts = await ask(unknown);
    const taken = verdicts.filter(({ exitCode }) => exitCode === 0).map(({ tier }) => tier);
    for (const collector of unknown) if (taken.includes(collector.tier)) validated.add(collector);
    judge(verdicts);
}

function judge(verdicts: Verdict[]): void {
    const complaints = verdicts.filter(({ exitCode }) => exitCode !== 0).map((verdict) => new Complaint(verdict));
    for (const { tier, words } of complaints.filter(({ isOfAbsentFile }) => isOfAbsentFile)) {
        tellUnvalidated(tier, words);
    }
    const refusals = complaints.filter(({ isOfAbsentFile }) => !isOfAbsentFile);
    if (refusals.length === 0) return;
    const sentences = refusals.map(
        ({ tier, words }) => `the collector does not take the configuration of ${tier}: ${words}`,
    );
    throw new InvalidInput(sentences.join("; "));
}

class Complaint {
    readonly tier: string;
    readonly words: string;

    constructor({ tier, exitCode, said }: Verdict) {
        this.tier = tier;
        this.words = lastWords(said).replace(/^error: /i, "") || `it said nothing and ended with ${exitCode}`;
    }

    /** Only where it is going to run does a collector have more files than its configuration. */
    get isOfAbsentFile(): boolean {
        return this.words.includes("no such file or directory");
    }
}

/** Goes on: whether a collector takes its configuration then shows when it is rolled. */
export function tellUnvalidated(tiers: string, why: string): void {
    void pulumi.log.warn(`the configuration of ${tiers} was not validated beforehand: ${why}`);
}
