import type { V1Job, V1Service, V1StatefulSet } from "@kubernetes/client-node";
import { vi } from "vitest";
import { KubernetesCluster } from "../../components/platform/kubernetes/cluster";

/** What there is on a cluster that does not exist; what is left out is not there. */
export interface FakeClusterArgs {
    /** The StatefulSets that were there before, with their replicas. */
    present?: Record<string, number>;
    /** How many gateways a scaler wants. */
    gateways?: number;
    /** Settles when a StatefulSet is rolled out; absent: at once. */
    rollout?: (name: string) => Promise<void>;
    service?: (name: string) => V1Service | undefined;
    /** What Secrets hold; nobody may read any other. */
    secrets?: Record<string, Record<string, string>>;
}

/** A cluster where whatever is created gets ready, in the place of any that a program opens. */
export class FakeCluster {
    /** How each was opened. */
    readonly opened: unknown[] = [];
    /** The StatefulSets that were waited for. */
    readonly waitedFor: string[] = [];

    /** The Jobs that were to be created, to validate configurations; its namespace is never there for them. */
    readonly jobs: V1Job[] = [];

    readonly address = "https://fake.example";

    private readonly spy = vi.spyOn(KubernetesCluster, "open");

    private constructor(private readonly args: FakeClusterArgs) {}

    static start(args: FakeClusterArgs = {}): FakeCluster {
        const cluster = new FakeCluster(args);
        cluster.spy.mockImplementation((how) => {
            cluster.opened.push(how);
            return Promise.resolve(cluster as unknown as KubernetesCluster);
        });
        return cluster;
    }

    stop(): void {
        this.spy.mockRestore();
    }

    readNamespace = () => Promise.resolve({ metadata: { labels: { "app.kubernetes.io/part-of": partOf } } });

    storageClasses = () =>
        Promise.resolve([{ metadata: { name: "standard", annotations: isDefault } }, { metadata: { name: "fast" } }]);

    createJob = (job: V1Job) => {
        this.jobs.push(job);
        return Promise.resolve(undefined);
    };

    hasKind = () => Promise.resolve(true);

    statefulSets = () => {
        const present = Object.entries(this.args.present ?? {});
        return Promise.resolve(present.map(([name, replicas]) => ({ metadata: { name }, spec: { replicas } })));
    };

    async statefulSet(name: string): Promise<V1StatefulSet> {
        await this.args.rollout?.(name);
        this.waitedFor.push(name);
        return rolledOut(name, name === "gateway" ? this.args.gateways : undefined);
    }

    service = (name: string) => Promise.resolve(this.args.service?.(name));

    secret = (name: string) => Promise.resolve(this.args.secrets?.[name] ?? "unknown");
}

const partOf = "otel-collector-tiers-test";
const isDefault = { "storageclass.kubernetes.io/is-default-class": "true" };

/** Rolled out with as many as were asked for, which a fake need not know; or with as many as a scaler wants. */
const rolledOut = (name: string, scaledTo?: number): V1StatefulSet => {
    const replicas = scaledTo ?? 1;
    return {
        metadata: { name, generation: 1 },
        spec: { replicas: scaledTo, serviceName: name, selector: {}, template: {} },
        status: {
            observedGeneration: 1,
            replicas,
            readyReplicas: replicas,
            availableReplicas: replicas,
            updatedReplicas: replicas,
        },
    };
};
