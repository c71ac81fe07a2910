import { writeFileSync } from "node:fs";
import { runFaults, skippedRow } from "../bench/faults/faults";
import { emptyRow } from "../bench/faults/lane";
import { type Choice, lanes, leftOut } from "../bench/faults/plan";
import { faultRowsMissed, isJudged } from "../bench/report/faultRows";
import { readMachine } from "../bench/report/machine";
import type { FaultRow } from "../bench/report/row";
import { writeReliability } from "../bench/report/write";
import { bridgeAddress } from "../bench/rigs/bridge";
import { clusterVersion } from "../bench/rigs/kubernetesCluster";
import { Resolver } from "../components";
import { invalid } from "../components/errors";
import { abortedByInterrupt, interruptedCode } from "./interrupt";
import { parse } from "./options";
import { tell } from "./tell";

/** Breaks rigs in every way that the lab knows, and says what became of every span; exit code 1 when a bar is missed. */
export async function main(args: string[]): Promise<number> {
    const { json, ...options } = parse("npm run faults --", args, {
        platform: { type: "string" },
        resolver: { type: "string" },
        profile: { type: "string" },
        scenario: { type: "string" },
        subset: { type: "boolean" },
        json: { type: "string" },
    });
    const choice: Choice = {
        platform: one("--platform", options.platform, ["docker", "kubernetes"]),
        resolver: one("--resolver", options.resolver, Object.values(Resolver)),
        profile: one("--profile", options.profile, ["custody", "default"]),
        scenario: options.scenario,
        subset: options.subset,
    };
    const chosen = lanes(choice);
    const names = new Set(lanes({}).flatMap(({ scenarios }) => scenarios.map(({ name }) => name)));
    if (choice.scenario !== undefined) one("--scenario", choice.scenario, [...names]);

    const keep = (rows: FaultRow[]) => json && writeFileSync(json, JSON.stringify(rows, undefined, 2));
    const { TIERS_NO_DOCKER: docker, TIERS_NO_KUBERNETES: kubernetes } = process.env;
    const missing = { docker, kubernetes };
    const onCluster = kubernetes === undefined && chosen.some(({ platform }) => platform === "kubernetes");
    const machine = await readMachine(onCluster ? await clusterVersion() : undefined);
    const signal = abortedByInterrupt(tell);
    const tools = { bridge: await bridgeAddress(), signal, missing, tell, rows: keep };
    const ran = await runFaults(chosen, tools).catch((error: Error) => {
        if (!signal.aborted) throw error;
        return undefined;
    });
    if (!ran) return interruptedCode;
    const custody = { resolver: Resolver.static, profile: "custody" as const, scenarios: [] };
    const skipped = leftOut(choice)
        .filter(({ scenario }) => !choice.subset && (choice.scenario ?? scenario.name) === scenario.name)
        .map(({ scenario, platform, reason }) => skippedRow(emptyRow(scenario, { ...custody, platform }), reason));
    const rows = [...ran, ...skipped];
    keep(rows);
    const isWhole = Object.values(choice).every((value) => value === undefined);
    if (isWhole) writeReliability(rows, machine);
    const missed = faultRowsMissed(rows);
    console.log([...missed, summary(rows)].join("\n"));
    return missed.length > 0 ? 1 : 0;
}

function summary(rows: FaultRow[]): string {
    const judged = rows.filter(isJudged);
    const passed = judged.filter((row) => row.passed).length;
    const skipped = rows.filter((row) => row.skipped !== undefined).length;
    return `${passed} of ${judged.length} scenarios passed, ${skipped} were skipped, ${rows.length - judged.length - skipped} ran for comparison`;
}

function one<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
    if (value === undefined) return undefined;
    const found = allowed.find((each) => each === value);
    if (!found) throw invalid(option, value, allowed.join(", "));
    return found;
}
