import type Docker from "dockerode";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { crashesIn, type LifeEvent } from "./crashes";

interface DockerEvent {
    Action: LifeEvent["action"];
    Actor: { ID: string; Attributes: { name: string; exitCode?: string } };
}

/** Follows the containers of a stack, those that are replaced too; Docker itself keeps only the last few events of all. */
export class ContainerLives {
    private readonly events: LifeEvent[] = [];
    private broken: Error | undefined;

    private constructor(
        private readonly stream: Readable,
        private readonly lines: Interface,
        prefix: string,
    ) {
        lines.on("line", (line) => {
            const { Action: action, Actor } = JSON.parse(line) as DockerEvent;
            const { name, exitCode } = Actor.Attributes;
            this.events.push({ action, container: Actor.ID, replica: name.slice(prefix.length), exitCode });
        });
        lines.on("close", () => (this.broken ??= new Error("Docker tells no more of the containers")));
    }

    /** @param label that they carry @param prefix of their names, before the replica's */
    static async follow(docker: Docker, label: string, prefix: string): Promise<ContainerLives> {
        const filters = { type: ["container" as const], label: [label], event: ["start", "kill", "oom", "die"] };
        const stream = (await docker.getEvents({ filters })) as Readable;
        return new ContainerLives(stream, createInterface(stream), prefix);
    }

    /** @throws when some may have been missed */
    crashes(): string[] {
        if (this.broken) throw this.broken;
        return crashesIn(this.events);
    }

    close(): void {
        this.lines.close();
        this.stream.destroy();
    }
}
