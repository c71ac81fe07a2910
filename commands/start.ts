import { parseArgs } from "node:util";
import { openStack, bringUp } from "./stack";

export async function main(args: string[]): Promise<number> {
    const { values } = parseArgs({ args, options: { stack: { type: "string", default: "dev" } } });
    const t0 = performance.now();
    const stack = await openStack(values.stack);
    console.log("open", performance.now() - t0);
    const { outputs, changes } = await bringUp(stack);
    console.log("up", performance.now() - t0, changes);
    console.log(outputs);
    return 0;
}
