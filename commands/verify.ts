import { invalid } from "../components/errors";
import { verifyStack } from "../verify/verify";
import { parse, stackOption } from "./options";
import { openStack, outputsOf, throughTo } from "../engine/stack";
import { isWhole, reportText } from "./summary";

const mostTraces = 10_000;

/** Proves a running stack: exit code 1 when anything is lost or a trace is split. */
export async function main(args: string[]): Promise<number> {
    const { stack, traces, json } = parse("npm run verify --", args, {
        stack: stackOption,
        traces: { type: "string", default: "500" },
        json: { type: "boolean", default: false },
    });
    const count = Number(traces);
    if (!Number.isInteger(count) || count < 1 || count > mostTraces) {
        throw invalid("--traces", traces, `a whole number from 1 to ${mostTraces}`);
    }
    const outputs = await outputsOf(await openStack(stack));
    const report = await throughTo(outputs, (target) => verifyStack(target, count));
    console.log(json ? JSON.stringify(report) : reportText(report));
    return isWhole(report) ? 0 : 1;
}
