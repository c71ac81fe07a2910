import type Docker from "dockerode";
import type { Tier } from "./rig";

/** What any rig of containers does to its replicas. */
export abstract class ContainerRig {
    abstract replicas(tier: Tier): Promise<string[]>;
    abstract start(replica: string): Promise<void>;
    protected abstract container(replica: string): Docker.Container;

    /** As long as the container's own grace allows. */
    async stop(replica: string): Promise<void> {
        await this.container(replica).stop();
    }

    async kill(replica: string): Promise<void> {
        await this.container(replica).kill();
    }

    async removeAll(tier: Tier): Promise<void> {
        await Promise.all((await this.replicas(tier)).map((replica) => this.stop(replica)));
    }

    async restoreAll(tier: Tier): Promise<void> {
        await Promise.all((await this.replicas(tier)).map((replica) => this.start(replica)));
    }

    async pause(replica: string): Promise<void> {
        await this.container(replica).pause();
    }

    async resume(replica: string): Promise<void> {
        await this.container(replica).unpause();
    }
}
