import Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { GENERATOR_DEFAULTS } from "../../components/TelemetryGenerator";
import { label } from "./containers";

/** What a client in a container made of an endpoint. */
export interface Delivery {
    delivered: boolean;
    /** What it said when it gave up. */
    said: string;
}

const timeoutSeconds = 4;

/** Sends a trace by telemetrygen to each "address:port", side by side. @param network absent: one of its own, which is not the stack's */
export async function sendByContainer(endpoints: string[], network?: string): Promise<Delivery[]> {
    const docker = new Docker();
    const own = `bench-outsider-${randomBytes(3).toString("hex")}`;
    if (network === undefined) await docker.createNetwork({ Name: own, Labels: { [label]: "" } });
    try {
        return await Promise.all(endpoints.map((endpoint) => send(docker, endpoint, network ?? own)));
    } finally {
        if (network === undefined) await docker.getNetwork(own).remove();
    }
}

/** It ends with exit code 0 in any case, and says what failed. */
async function send(docker: Docker, endpoint: string, network: string): Promise<Delivery> {
    const container = await docker.createContainer({
        Image: GENERATOR_DEFAULTS.image,
        Cmd: ["traces", "--otlp-insecure", `--otlp-endpoint=${endpoint}`, "--traces=1", `--timeout=${timeoutSeconds}s`],
        Labels: { [label]: "" },
        HostConfig: { NetworkMode: network },
    });
    try {
        await container.start();
        const { StatusCode } = (await container.wait()) as { StatusCode: number };
        const said = (await container.logs({ stdout: true, stderr: true })).toString();
        const failure = /traces export: (.*)/.exec(said)?.[1];
        return { delivered: StatusCode === 0 && failure === undefined, said: failure ?? "" };
    } finally {
        await container.remove({ force: true });
    }
}
