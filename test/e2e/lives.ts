import { docker, type TestStack } from "./stack";

/** Each life of each replica, so that a restart shows. */
export async function lives(stack: TestStack): Promise<Record<string, string>> {
    const states = Object.entries(await stack.containers()).map(async ([name, id]) => {
        const { State, RestartCount } = await docker.getContainer(id).inspect();
        return [name, `${id} ${State.StartedAt} ${RestartCount}`] as const;
    });
    return Object.fromEntries(await Promise.all(states));
}
