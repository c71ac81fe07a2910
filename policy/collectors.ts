import type { Config } from "../components/collector/config";
import type { Collector, Resource } from "./collector";
import { dockerCollectors } from "./docker";
import { kubernetesCollectors } from "./kubernetes";

/** Every collector configuration of a stack. What a preview does not know yet is not there. */
export function collectorsOf(resources: Resource[]): Collector[] {
    const kinds = ["docker:index/container:Container", "kubernetes:core/", "kubernetes:apps/"];
    const known = resources
        .filter(({ type }) => kinds.some((kind) => type.startsWith(kind)))
        .map(({ type, urn, props }) => ({ type, urn, props: knownOf(props) as Config }));
    return [...dockerCollectors(known), ...kubernetesCollectors(known)];
}

/** A copy without what is not known: in a preview, reading such a property of what the SDK gives throws. */
function knownOf(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.keys(value).flatMap((key) => {
        try {
            return [[key, knownOf((value as Config)[key])] as const];
        } catch {
            return [];
        }
    });
    return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
