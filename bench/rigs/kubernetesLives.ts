import type { V1Pod } from "@kubernetes/client-node";
import { nameOf } from "../../components/platform/kubernetes/objects";
import { crashesIn, type LifeEvent } from "./crashes";

/** What became of the containers of pods, out of every state that the pods were seen in. Who deletes a pod asks for its end. */
export class PodLives {
    private readonly events: LifeEvent[] = [];
    private readonly ended = new Set<string>();

    see(pod: V1Pod): void {
        // A throwaway pod that looks at configurations ends as it should.
        if (pod.spec?.restartPolicy === "Never") return;
        for (const { state, lastState } of pod.status?.containerStatuses ?? []) {
            // What ended before the one that runs now was not ended by whoever deletes the pod.
            this.end(nameOf(pod), lastState?.terminated, false);
            this.end(nameOf(pod), state?.terminated, pod.metadata?.deletionTimestamp !== undefined);
        }
    }

    /** In a sentence each. */
    crashes(): string[] {
        return crashesIn(this.events);
    }

    private end(replica: string, end: End | undefined, isAsked: boolean): void {
        const container = end?.containerID;
        if (!end || !container || this.ended.has(container)) return;
        this.ended.add(container);
        const tell = (action: LifeEvent["action"], exitCode?: string) =>
            this.events.push({ action, container, replica, exitCode });
        if (end.reason === "OOMKilled") return void tell("oom");
        if (isAsked) tell("kill");
        tell("die", `${end.exitCode}`);
    }
}

interface End {
    containerID?: string;
    exitCode: number;
    reason?: string;
}
