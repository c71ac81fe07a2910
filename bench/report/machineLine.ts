import { literal } from "./markdown";
import type { Machine } from "./row";

/** One sentence for people who want to measure the same. */
export function machineLine(machine: Machine): string {
    const { cores, processor, memoryGiB, kernel, node, docker, kubernetes, collector, commit, date } = machine;
    const versions = [
        kernel,
        `Node.js ${node}`,
        ...(docker ? [`Docker ${docker}`] : []),
        ...(kubernetes ? [`Kubernetes ${kubernetes}`] : []),
        `collector ${collector}`,
    ];
    return literal(
        `Measured on ${date} at commit ${commit}: ${cores} cores of ${processor}, ${memoryGiB} GiB, ${versions.join(", ")}.`,
    );
}
