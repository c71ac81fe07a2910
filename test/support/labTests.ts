import { beforeAll, describe, expect, test } from "vitest";
import { runFaults } from "../../bench/faults/faults";
import { laneName } from "../../bench/faults/lane";
import { lanes } from "../../bench/faults/plan";
import type { Platform } from "../../bench/faults/scenario";
import type { FaultRow } from "../../bench/report/row";
import { bridgeAddress } from "../../bench/rigs/bridge";

const labMs = 1_200_000;

/** The part of the fault lab that CI has time for, run once; each scenario on each rig is a test, the controls too. */
export function describeLab(platform: Platform, missing: string | undefined): void {
    const chosen = lanes({ platform, subset: true });
    let rows: FaultRow[] = [];

    describe(`the fault lab on ${platform}`, () => {
        beforeAll(async () => {
            if (missing !== undefined) return;
            const tell = (text: string) => console.log(text);
            rows = await runFaults(chosen, {
                bridge: await bridgeAddress(),
                signal: new AbortController().signal,
                missing: {},
                tell,
                rows: () => undefined,
            });
        }, labMs);

        for (const lane of chosen) {
            test.each(lane.scenarios.map(({ name }) => name))(`${laneName(lane)}: %s`, (name) => {
                const row = rows.find(
                    ({ scenario, resolver, profile }) =>
                        scenario === name && resolver === lane.resolver && profile === lane.profile,
                );
                expect(row?.missed, JSON.stringify(row)).toEqual([]);
            });
        }
    });
}
