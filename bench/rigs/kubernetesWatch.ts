import type { Informer, KubernetesObject, ObjectCache } from "@kubernetes/client-node";
import type { TestCluster } from "./kubernetesCluster";

/** Objects of one kind in a namespace, as the API server last told of them: to look at them costs it nothing. */
export class WatchedObjects<T extends KubernetesObject> {
    private reconnecting: NodeJS.Timeout | undefined;
    private isClosed = false;

    private constructor(private readonly informer: Informer<T> & ObjectCache<T>) {}

    /**
     * @param path of their list
     * @param onChange is called for every state of each of them, the last one before it is gone included
     */
    static async start<T extends KubernetesObject>(
        { config }: TestCluster,
        path: string,
        list: () => Promise<{ items: T[] }>,
        onChange: (object: T) => void = () => undefined,
    ): Promise<WatchedObjects<T>> {
        const { makeInformer } = await import("@kubernetes/client-node");
        const informer = makeInformer<T>(config, path, list);
        const watched = new WatchedObjects(informer);
        informer.on("change", onChange);
        informer.on("error", () => watched.reconnect());
        await informer.start();
        return watched;
    }

    get(): readonly T[] {
        return this.informer.list();
    }

    async close(): Promise<void> {
        this.isClosed = true;
        clearTimeout(this.reconnecting);
        await this.informer.stop();
    }

    /** The end of its connection is an error too, and a start would follow a stop. */
    private reconnect(): void {
        if (this.isClosed) return;
        this.reconnecting = setTimeout(() => void this.informer.start(), reconnectMs);
    }
}

const reconnectMs = 500;
