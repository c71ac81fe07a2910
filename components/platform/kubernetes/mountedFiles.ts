import type { types } from "@pulumi/kubernetes";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type Configuration, type FileContent, isSecretKey } from "../files";
import { type KubernetesWorkload, metadata } from "./workload";

type Source = types.input.core.v1.VolumeProjection;

/** The files of a workload's pods, as one volume. */
export interface MountedFiles {
    folder: string;
    sources: Source[];
    /** The arguments that lead a pod to its configuration. */
    args: string[];
}

export function mountedFiles(workload: KubernetesWorkload): MountedFiles | undefined {
    const { files } = workload.spec;
    if (!files) return undefined;
    const { folder, configuration, reread = {} } = files;
    return {
        folder,
        sources: [
            ...(configuration ? [configurationSource(workload, configuration)] : []),
            ...rereadSources(workload, reread),
        ],
        args: configuration ? [`${configuration.option}=${folder}/${configuration.name}`] : [],
    };
}

/** The engine names the object anew when the text changes, so that the pods roll; those that have not yet keep theirs. */
function configurationSource(workload: KubernetesWorkload, { name: file, text, isSecret }: Configuration): Source {
    const { name, options } = workload;
    const content = { [file]: text };
    const items = [{ key: file, path: file }];
    if (isSecret) {
        const args = { metadata: metadata(workload, {}), stringData: content };
        // The provider compares what it makes of `stringData`.
        const secret = new Secret(name, args, { ...options, replaceOnChanges: ["data", "stringData"] });
        return { secret: { name: secret.metadata.name, items } };
    }
    const map = new ConfigMap(name, { metadata: metadata(workload, {}), data: content }, options);
    return { configMap: { name: map.metadata.name, items } };
}

/** In a Secret whose name stays: kubelets bring another content to the pods that run. */
function rereadSources(workload: KubernetesWorkload, reread: Record<string, FileContent>): Source[] {
    const texts: Record<string, pulumi.Input<string>> = {};
    const itemsOf = new Map<pulumi.Input<string>, { key: string; path: string }[]>();
    for (const [path, content] of Object.entries(reread)) {
        if (isSecretKey(content))
            itemsOf.set(content.secret, [...(itemsOf.get(content.secret) ?? []), { key: content.key, path }]);
        else texts[path] = content;
    }
    const sources = [...itemsOf].map(([name, items]): Source => ({ secret: { name, items } }));
    if (Object.keys(texts).length === 0) return sources;
    const name = `${workload.name}-secrets`;
    const secret = new Secret(name, { metadata: metadata(workload, { name }), stringData: texts }, workload.options);
    const items = Object.keys(texts).map((path) => ({ key: path, path }));
    return [{ secret: { name: secret.metadata.name, items } }, ...sources];
}
