import { parseArgs, type ParseArgsConfig } from "node:util";
import { InvalidInput } from "../components/errors";

export const stackOption = { type: "string", default: "dev" } as const;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/** @throws InvalidInput that names the options there are */
export function parse<const T extends Options>(command: string, args: string[], options: T): Values<T> {
    try {
        return parseArgs({ args, options }).values;
    } catch (error) {
        const names = Object.keys(options).map((name) => `--${name}`);
        throw new InvalidInput(`${(error as Error).message.split(". ")[0]}; ${command} takes ${names.join(", ")}`);
    }
}
