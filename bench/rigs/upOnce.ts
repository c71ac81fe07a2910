// A process that brings a stack up as it is configured: one that may be killed while it does.
import { EngineStack } from "./engineStack";

async function main([name = "", folder]: string[]): Promise<void> {
    const stack = new EngineStack(await EngineStack.open(name, {}, folder));
    process.send?.("asks the engine");
    await stack.upAsConfigured();
    process.disconnect();
}

main(process.argv.slice(2)).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
});
