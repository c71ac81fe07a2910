import { removeLeftovers } from "../components/platform";
import { parse, stackOption } from "./options";
import { projectName } from "../engine/reason";
import { openStack, takeDown, whereaboutsOf } from "../engine/stack";

/** Takes a stack down and leaves nothing behind: no container, no volume, no stack. */
export async function main(args: string[]): Promise<number> {
    const { stack: name } = parse("npm run destroy --", args, { stack: stackOption });
    const stack = await openStack(name);
    const where = await whereaboutsOf(stack);
    await takeDown(stack);
    await removeLeftovers(where, projectName, name);
    process.stderr.write(`The stack ${name} is gone, with its volumes and what was in them\n`);
    return 0;
}
