import type {
    AppsV1Api,
    BatchV1Api,
    ConfigurationOptions,
    CoreV1Api,
    CustomObjectsApi,
    KubeConfig,
    ObservableMiddleware,
    StorageV1Api,
    VersionApi,
} from "@kubernetes/client-node";
import type { WebSocketHandler } from "@kubernetes/client-node/dist/web-socket-handler.js";
import { ServerClock } from "./clock";
import { readKubeconfig } from "./kubeconfig";
import { requestConfiguration } from "./request";

/** The client library, for one context of a kubeconfig. */
export interface Apis {
    config: KubeConfig;
    core: CoreV1Api;
    apps: AppsV1Api;
    batch: BatchV1Api;
    custom: CustomObjectsApi;
    storage: StorageV1Api;
    version: VersionApi;
    mergePatch: ConfigurationOptions<ObservableMiddleware>;
    clock: ServerClock;
    Handler: typeof WebSocketHandler;
}

/** @throws InvalidInput when the kubeconfig cannot be read, or does not have the context */
export async function openApis({ context, kubeconfig }: { context: string; kubeconfig?: string }): Promise<Apis> {
    // It takes half a second to load, which only a stack on Kubernetes should pay for.
    const library = await import("@kubernetes/client-node");
    const { WebSocketHandler: Handler } = await import("@kubernetes/client-node/dist/web-socket-handler.js");
    const config = readKubeconfig(library, context, kubeconfig);
    const clock = new ServerClock();
    const requests = requestConfiguration(library, config, (date) => clock.set(date));
    return {
        config,
        core: new library.CoreV1Api(requests),
        apps: new library.AppsV1Api(requests),
        batch: new library.BatchV1Api(requests),
        custom: new library.CustomObjectsApi(requests),
        storage: new library.StorageV1Api(requests),
        version: new library.VersionApi(requests),
        mergePatch: library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
        clock,
        Handler,
    };
}
