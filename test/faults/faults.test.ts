import { beforeAll, describe, expect, test } from "vitest";
import { runFaults } from "../../bench/faults/faults";
import { laneName } from "../../bench/faults/lane";
import { lanes } from "../../bench/faults/plan";
import type { FaultRow } from "../../bench/report/row";
import { bridgeAddress } from "../../bench/rigs/bridge";
import { missing } from "../support/missing";

const labMs = 1_500_000;
const chosen = lanes({ subset: true });

/** The part of the fault lab that CI has time for, run once; each scenario on each rig is a test, the controls too. */
describe("the fault lab", () => {
    let rows: FaultRow[] = [];

    beforeAll(async () => {
        rows = await runFaults(chosen, {
            bridge: missing.docker === undefined ? await bridgeAddress() : "",
            signal: new AbortController().signal,
            missing: { ...missing, kubernetes: missing.kubernetes ?? missing.docker }, // whose pods reach sinks on Docker's bridge
            tell: (text) => console.log(text),
            rows: () => undefined,
        });
    }, labMs);

    for (const lane of chosen) {
        test.for(lane.scenarios.map(({ name }) => name))(`${laneName(lane)}: %s`, (name, { skip }) => {
            const row = rows.find(
                ({ scenario, ...of }) =>
                    scenario === name &&
                    of.platform === lane.platform &&
                    of.resolver === lane.resolver &&
                    of.profile === lane.profile,
            );
            skip(row?.skipped !== undefined, row?.skipped);
            expect(row?.missed, JSON.stringify(row)).toEqual([]);
        });
    }
});
