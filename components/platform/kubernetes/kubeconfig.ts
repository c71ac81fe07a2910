import type { KubeConfig } from "@kubernetes/client-node";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { invalid } from "../../errors";

/** The client library, which is loaded when a cluster is opened. */
export type Library = typeof import("@kubernetes/client-node");

/**
 * Reads the files that kubectl would read, and chooses a context.
 * @param context as one of the files names it
 * @param kubeconfig one file, in place of those of KUBECONFIG or of ~/.kube/config
 * @throws InvalidInput when no file can be read, or none of them has the context
 */
export function readKubeconfig(library: Library, context: string, kubeconfig?: string): KubeConfig {
    const files = kubeconfigFiles(kubeconfig);
    const config = merged(
        library,
        files.map((file) => readFile(library, file)),
    );
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context)) {
        throw invalid("context", context, names.join(", ") || `a context of ${files.join(", ")}, where there is none`);
    }
    config.setCurrentContext(context);
    if (!config.getCurrentCluster()) {
        throw invalid("context", context, `a context whose cluster is in ${files.join(", ")} too`);
    }
    return config;
}

/** As kubectl does: files of KUBECONFIG that are not there are passed over. */
function kubeconfigFiles(kubeconfig: string | undefined): string[] {
    if (kubeconfig) return [kubeconfig];
    const listed = process.env.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [];
    if (listed.length === 0) return [join(homedir(), ".kube", "config")];
    const there = listed.filter((file) => existsSync(file));
    return there.length ? there : listed.slice(0, 1);
}

function readFile(library: Library, file: string): KubeConfig {
    const config = new library.KubeConfig();
    try {
        config.loadFromFile(file);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        const reason = code === "ENOENT" ? "no such file" : (message.split("\n")[0] ?? "");
        throw invalid("kubeconfig", file, `a kubeconfig file that can be read (${reason})`);
    }
    return config;
}

/** As kubectl does: of two entries with one name the first counts. */
function merged(library: Library, configs: KubeConfig[]): KubeConfig {
    const config = new library.KubeConfig();
    config.loadFromOptions({
        // The library insists on this for a server without TLS.
        clusters: firstOfEach(configs.flatMap(({ clusters }) => clusters)).map((cluster) =>
            cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster,
        ),
        users: firstOfEach(configs.flatMap(({ users }) => users)),
        contexts: firstOfEach(configs.flatMap(({ contexts }) => contexts)),
    });
    return config;
}

function firstOfEach<T extends { name: string }>(entries: T[]): T[] {
    return entries.filter(({ name }, index) => entries.findIndex((other) => other.name === name) === index);
}
