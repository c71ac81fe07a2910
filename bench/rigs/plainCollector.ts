import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ports } from "../../components/collector/ports";
import { sizes } from "../../components/collector/sizes";
import { memoryBytes } from "../../components/collector/quantity";
import { Containers, memoryOf } from "./containers";
import { freePorts } from "./ports";

/** It is judged by the limit of the lb whose place it takes. */
const name = "load-balancer-1";
const config = () => readFileSync(join(__dirname, "../references/unlimited.yaml"), "utf8");

/** One collector as small as an lb, that takes messages of any size: what a bomb does to it shows that the bombs are live. */
export class PlainCollector {
    private readonly containers = new Containers();

    private constructor(private readonly published: [number, number]) {}

    static async start(): Promise<PlainCollector> {
        const [grpc = 0, http = 0] = await freePorts(2);
        const collector = new PlainCollector([grpc, http]);
        const published = { [ports.otlpGrpc]: grpc, [ports.otlpHttp]: http };
        const limit = memoryBytes("its memory", sizes.small.memory);
        await collector.containers.run([{ name, config: config(), memoryBytes: limit, published }]);
        return collector;
    }

    clients(): { grpc: string[]; http: string[] } {
        const [grpc, http] = this.published;
        return { grpc: [`127.0.0.1:${grpc}`], http: [`http://127.0.0.1:${http}`] };
    }

    async memory(): Promise<Record<string, { bytes: number; limit: number }>> {
        return { [name]: await memoryOf(this.containers.container(name)) };
    }

    /** Whether it has ended: nobody starts it again. */
    async crashes(): Promise<string[]> {
        const { State } = await this.containers.container(name).inspect();
        if (State.Running) return [];
        return [`${name} ended with exit code ${State.ExitCode}${State.OOMKilled ? ", out of memory" : ""}`];
    }

    destroy(): Promise<void> {
        return this.containers.destroy();
    }
}
