import type { V1Pod } from "@kubernetes/client-node";
import { readFileSync } from "node:fs";
import { InvalidInput } from "../../components/errors";
import { nameOf } from "../../components/platform/kubernetes/objects";
import { allProcesses } from "./processes";

/** The processes of a pod's container, by their cgroup; none where its node is another machine than this. */
export function processesOf(pod: V1Pod): number[] {
    const ids = (pod.status?.containerStatuses ?? []).flatMap(({ containerID = "" }) => {
        const [, id] = containerID.split("://");
        return id ? [id] : [];
    });
    return allProcesses().filter((pid) => ids.some((id) => cgroupsOf(pid).includes(id)));
}

/**
 * Sends a signal to the processes of a pod, past Kubernetes.
 * @throws InvalidInput where they are not on this machine
 */
export function signal(pod: V1Pod, name: NodeJS.Signals): void {
    const processes = processesOf(pod);
    if (processes.length === 0) {
        const node = pod.spec?.nodeName ?? "no node";
        throw new InvalidInput(
            `the process of ${nameOf(pod)} can be reached on its node alone, which is ${node} and not this machine`,
        );
    }
    for (const pid of processes) process.kill(pid, name);
}

function cgroupsOf(pid: number): string {
    try {
        return readFileSync(`/proc/${pid}/cgroup`, "utf8");
    } catch {
        return ""; // it ended meanwhile
    }
}
