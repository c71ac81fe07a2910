import { KubernetesCluster } from "../../components/platform/kubernetes/cluster";
import { type ForwardedPort, forwardPort } from "../../components/platform/kubernetes/portForward";

/** Ports of this machine that lead to pods by their names, whichever life they are in; each is opened on first use. */
export class ForwardedPorts {
    private readonly cluster: Promise<KubernetesCluster>;
    private readonly forwards = new Map<string, Promise<ForwardedPort>>();

    constructor(place: { context: string; namespace: string }) {
        this.cluster = KubernetesCluster.open(place);
    }

    /** @returns "127.0.0.1:54321" */
    async address(pod: string, port: number): Promise<string> {
        const key = `${pod}:${port}`;
        const forward = this.forwards.get(key) ?? this.cluster.then((cluster) => forwardPort(cluster, { pod }, port));
        this.forwards.set(key, forward);
        return (await forward).address;
    }

    async close(): Promise<void> {
        const open = await Promise.all(this.forwards.values());
        await Promise.all(open.map((forward) => forward.close()));
    }
}
