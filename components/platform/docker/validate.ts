import { randomBytes } from "node:crypto";
import { durableFolder } from "../../collector/volume";
import { InvalidInput } from "../../errors";
import type { CollectorToValidate } from "../platform";
import { validateArgs, validateNew, type Verdict } from "../validation";
import type { DockerEngine } from "./engine";
import { hardened } from "./hardened";

const deadlineMs = 60_000;
const memoryBytes = 512 * 2 ** 20;
const mostProcesses = 256;

/** Not the stack's label: whoever counts a stack's containers, or their ends, means those that run it. */
const labelOf = (prefix: string) => `otel-collector-tiers.validates.${prefix}`;

/**
 * Has a throwaway container of each image look at its configuration, which goes in by standard input: so it is on no disk,
 * and `docker inspect` does not show it.
 * @throws InvalidInput in the collectors' own words, or when an image cannot be run
 */
export async function validate(engine: DockerEngine, prefix: string, collectors: CollectorToValidate[]): Promise<void> {
    const images = [...new Set(collectors.map(({ image }) => image))];
    const ids = new Map(await Promise.all(images.map(async (image) => [image, await engine.imageId(image)] as const)));
    const identified = collectors.map((one) => ({ ...one, identity: ids.get(one.image) ?? one.image }));
    await validateNew(identified, async (unknown) => {
        await engine.removeStrays(labelOf(prefix), 2 * deadlineMs);
        return Promise.all(unknown.map((collector) => verdictOf(engine, prefix, collector)));
    });
}

async function verdictOf(engine: DockerEngine, prefix: string, collector: CollectorToValidate): Promise<Verdict> {
    const { tier, image, text } = collector;
    try {
        const { exitCode, output } = await engine.runOnce(container(prefix, collector), text, deadlineMs);
        return { tier, exitCode, said: output };
    } catch (error) {
        const { json, message } = error as { json?: { message?: string }; message: string };
        const reason = (json?.message ?? message).trim();
        throw new InvalidInput(`the image ${image} cannot be run to validate the configuration of ${tier}: ${reason}`);
    }
}

function container(prefix: string, { tier, image }: CollectorToValidate) {
    return {
        name: `${prefix}-validate-${tier}-${randomBytes(4).toString("hex")}`,
        Image: image,
        User: hardened.user,
        Cmd: validateArgs("/dev/stdin"),
        Env: [`REPLICA_NAME=${tier}`],
        Labels: { [labelOf(prefix)]: "" },
        HostConfig: {
            NetworkMode: "none",
            ReadonlyRootfs: true,
            Tmpfs: { [durableFolder]: "" }, // where the queue's volume is in the container that runs
            CapDrop: ["ALL"],
            SecurityOpt: ["no-new-privileges"],
            PidsLimit: mostProcesses,
            Memory: memoryBytes,
        },
    };
}
