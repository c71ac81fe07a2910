import { writeFileSync } from "node:fs";
import { runHostile } from "../bench/hostile/hostile";
import { hostileMissed, hostileTable } from "../bench/hostile/table";
import { machineLine } from "../bench/report/machineLine";
import { readMachine } from "../bench/report/machine";
import { bridgeAddress } from "../bench/rigs/bridge";
import { abortedByInterrupt, interruptedCode } from "./interrupt";
import { parse } from "./options";
import { tell } from "./tell";

/** Attacks a stack of its own in every way that the lab knows; exit code 1 when a bar is missed, or a control does not fail. */
export async function main(args: string[]): Promise<number> {
    const { json, subset } = parse("npm run hostile --", args, {
        json: { type: "string" },
        subset: { type: "boolean" },
    });
    const signal = abortedByInterrupt(tell);
    const tools = { bridge: await bridgeAddress(), signal, tell, subset };
    const rows = await runHostile(tools).catch((error: Error) => {
        if (!signal.aborted) throw error;
        return undefined;
    });
    if (!rows) return interruptedCode;
    if (json) writeFileSync(json, JSON.stringify(rows, undefined, 2));
    const missed = hostileMissed(rows);
    const passed = rows.filter((row) => row.passed).length;
    const summary = `${passed} of ${rows.length} passed`;
    console.log([hostileTable(rows), "", machineLine(await readMachine()), "", ...missed, summary].join("\n"));
    return missed.length > 0 ? 1 : 0;
}
