import type * as pulumi from "@pulumi/pulumi";
import type { Resolver } from "../collector/resolver";

/** Where tiers run. A tier says what it needs; the platform decides how. */
export interface Platform {
    /** As the setting `platform` names it. */
    readonly name: string;
    /** The resolvers that work here. */
    readonly resolvers: readonly Resolver[];
    /** How often an lb with the dns resolver asks for its gateways: a duration as the collector writes it. */
    readonly dnsRefresh: string;
    /** What a workload will be called, before there is one. */
    names(workload: string, replicas: number): WorkloadNames;
    /**
     * Runs the replicas of one workload, each in turn: the next only when the one before is ready.
     * @param name of the workload; a replica is `name-1`, `name-2` ...
     * @param parent the component that owns the replicas
     */
    run(name: string, spec: WorkloadSpec, parent: pulumi.Resource): Workload;
    /**
     * Resolves when everything that runs is ready; in a preview at once. A program that ends without this may be taken
     * for finished while a replica is still being waited for.
     * @throws InvalidInput for the first replica that does not become ready; those after it have not been touched
     */
    settled(): Promise<void>;
}

/** What a tier needs from any platform. */
export interface WorkloadSpec {
    image: string;
    /** Arguments to the image's entry point. */
    args: pulumi.Input<string>[];
    /** How many; each has a name, and a volume where there is `storage`, that stay the same when it is replaced. */
    replicas: number;
    /** A file of each replica; a change of its text replaces the replicas, one after another. */
    file?: { path: string; text: pulumi.Input<string> };
    /** `REPLICA_NAME` is always there too. */
    environment?: Record<string, string>;
    ports: Port[];
    /** A durable volume for each replica; it outlives the replica, and the workload. */
    storage?: { path: string };
    /** Limits of one replica; absent `cores` is no limit. */
    limits: { memoryBytes: number; cores?: number };
    /** How long a replica may take to finish what it has begun when it is asked to stop. */
    stopGraceSeconds: number;
    /** When a replica counts as ready; absent: when it runs. */
    readiness?: Readiness;
    /** Resources that have to be ready first. */
    after?: pulumi.Input<pulumi.Resource>[];
}

/** One port of every replica. */
export interface Port {
    name: string;
    number: number;
    /** How it is reached from outside the platform's own network; absent: not at all. */
    published?: { address: string; ports: number[] };
}

/** The two faces of a process that is ready: what it answers, and what it logs where nobody can ask it. */
export interface Readiness {
    port: number;
    path: string;
    logLine: string;
    /** How long it has to stay ready before the next replica is touched. */
    settleSeconds: number;
}

/** How the replicas of a workload are reached inside the platform's network. */
export interface WorkloadNames {
    /** One stable name for each replica. */
    hosts: string[];
    /** One name for all replicas that run. */
    sharedHost: string;
    /** The Kubernetes Service of the replicas, as "name.namespace"; absent on other platforms. */
    service?: string;
}

/** What a workload knows about itself once it is declared. */
export interface Workload extends WorkloadNames {
    /** "address:port" of each replica, by the name of a published port. */
    published: Record<string, string[]>;
    /** The last replica, once it is ready: what comes after the workload depends on it. */
    ready: pulumi.Input<pulumi.Resource>[];
}
