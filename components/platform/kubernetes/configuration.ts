import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { basename } from "node:path";
import { type KubernetesWorkload, metadata } from "./workload";

/** The object that holds a workload's file; the engine names it anew when the text changes, so that the pods roll. */
export interface Configuration {
    kind: "ConfigMap" | "Secret";
    name: pulumi.Output<string>;
    path: string;
}

export function configuration(workload: KubernetesWorkload): Configuration | undefined {
    const { name, spec, options } = workload;
    if (!spec.file) return undefined;
    const { path, text, isSecret } = spec.file;
    const content = { [basename(path)]: text };
    if (isSecret) {
        const secret = new Secret(name, { metadata: metadata(workload, {}), stringData: content }, options);
        return { kind: "Secret", name: secret.metadata.name, path };
    }
    const map = new ConfigMap(name, { metadata: metadata(workload, {}), data: content }, options);
    return { kind: "ConfigMap", name: map.metadata.name, path };
}
