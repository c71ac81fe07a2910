import { ringSizes } from "../verify/ring";
import { parse, stackOption } from "./options";
import { bringUp, openStack, throughTo } from "../engine/stack";
import { endText, isWhole, reportText } from "./summary";

const traces = 200;

/** Brings a stack up, proves that it works, and shows it. */
export async function main(args: string[]): Promise<number> {
    const { stack: name } = parse("npm start", args, { stack: stackOption });
    const started = performance.now();
    const tell = (text: string) => process.stderr.write(`${text}\n`);
    const seconds = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;

    tell(`Bringing up the stack ${name}`);
    const opening = openStack(name);
    const { verifyStack } = await import("../verify/verify"); // loads while the engine looks the stack up
    const { outputs, changes } = await bringUp(await opening);
    tell(changes > 0 ? `Up: ${changes} resources changed, after ${seconds()}` : `Up: no changes, after ${seconds()}`);

    tell(`Verifying with ${traces} traces, the spans of each over gRPC and HTTP to every lb`);
    const { report, rings } = await throughTo(outputs, async (target) => ({
        report: await verifyStack(target, traces),
        rings: await ringSizes(target.metrics),
    }));
    tell(`Verified after ${seconds()}`);

    console.log(["", endText(name, outputs, rings), "", "Verified:", reportText(report)].join("\n"));
    return isWhole(report) ? 0 : 1;
}
