import type * as pulumi from "@pulumi/pulumi";
import type { TierIdentity } from "../certificates/identity";
import type { Resolver } from "../collector/resolver";
import type { Files } from "./files";

/** Where tiers run. A tier says what it needs; the platform decides how. */
export interface Platform {
    /** As the setting `platform` names it. */
    readonly name: string;
    /** What it takes to find again what was run: kept in a stack's outputs. */
    readonly location: Location;
    /** The resolvers that work here. */
    readonly resolvers: readonly Resolver[];
    /** The size of each durable volume; absent where the platform does not limit it. */
    readonly diskBytes?: number;
    /** How often an lb with the dns resolver asks for its gateways: a duration as the collector writes it. */
    readonly dnsRefresh: string;
    /** How long until whoever sends to a replica has noticed that it came or went. */
    readonly noticeSeconds: {
        /** Until every lb has it in its ring, or no longer. */
        ring: number;
        /** Until clients of a name for all replicas are led to it, or no longer. */
        sharedHost: number;
    };
    /** Whether others than this machine reach a port that is published on an address. */
    isReachable(address: string): boolean;
    /**
     * Asks the collector of each image itself, before anything is declared, whether it takes a configuration. What it
     * once took it is not asked again. Without this call nothing is asked.
     * @throws InvalidInput in the collector's own words, for all that it refuses
     */
    validate(collectors: CollectorToValidate[]): Promise<void>;
    /**
     * What a workload will be called, before there is one.
     * @param replicas how many have a fixed name; 0 where a scaler decides
     */
    names(workload: string, replicas: number): WorkloadNames;
    /**
     * Runs the replicas of one workload. Those that run already are changed in turn: the next only when all others are ready.
     * @param name of the workload; the platform makes its replicas' names of it
     * @param parent the component that owns the replicas
     */
    run(name: string, spec: WorkloadSpec, parent: pulumi.Resource): Workload;
    /**
     * What a Secret of the platform holds now, by key; "unknown" to whoever may not look.
     * @throws InvalidInput when there is no such Secret, or the platform has none
     */
    secret(name: string): Promise<Record<string, string> | "unknown">;
    /**
     * An identity that an issuer of the platform makes, and renews.
     * @throws InvalidInput when the platform has no issuers, or none is named
     */
    issuedIdentity(name: string, args: IssuedIdentityArgs): TierIdentity;
    /**
     * Resolves when everything that runs is ready; in a preview at once. Call it when all is declared: a program that ends
     * without it may be taken for finished while a replica is still being waited for.
     * @throws InvalidInput for the first replica that does not become ready; those after it have not been touched
     */
    settled(): Promise<void>;
}

/** What an issuer is asked for. */
export interface IssuedIdentityArgs {
    serverName: string;
    /** Further host names and addresses. */
    names: string[];
    /** Whether nobody else's certificates are from its authority: then the issuer signs an authority, and that the certificate. */
    hasOwnAuthority: boolean;
    issuer?: Issuer;
}

/** Who signs certificates, as cert-manager refers to it. */
export interface Issuer {
    name: string;
    /** @default "Issuer" */
    kind?: string;
    /** @default "cert-manager.io" */
    group?: string;
}

/** A configuration, and the collector that is to run it. */
export interface CollectorToValidate {
    /** As it is named to a person. */
    tier: string;
    image: string;
    /** The configuration; it may hold secrets. */
    text: string;
}

export type Location = Readonly<Record<string, string>>;

/** What a workload is in the topology. */
export const Role = {
    loadBalancer: "load-balancer",
    gateway: "gateway",
    externalGateway: "external-gateway",
    generator: "generator",
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** Who a workload sends telemetry to: one of the same platform, at a port, or whoever has an address. */
export type Destination = { role: Role; port: number } | "anywhere";

/** What a tier needs from any platform. */
export interface WorkloadSpec {
    role: Role;
    /** Absent: to nobody. */
    sendsTo?: Destination;
    image: string;
    /** Arguments to the image's entry point, besides the one for its configuration. */
    args: pulumi.Input<string>[];
    /** How many, or with `scaling` how many at least; each keeps its name, and its `storage`, when it is replaced. */
    replicas: number;
    /** Absent: there are always as many as `replicas`. */
    scaling?: Scaling;
    /** Whether senders choose one of the replicas themselves, or take any that a shared name leads to. */
    addressed: "one by one" | "together";
    files?: Files;
    /** `REPLICA_NAME` is always there too. */
    environment?: Record<string, string>;
    ports: Port[];
    /** A durable volume for each replica; it outlives the replica, and the workload. */
    storage?: { path: string };
    resources: Resources;
    /** How long a replica goes on serving after it was asked to stop, so that its senders turn to others first. */
    drainSeconds: number;
    /** How long after that it may take to finish what it has begun. */
    stopGraceSeconds: number;
    /** When a replica counts as ready; absent: when it runs. */
    readiness?: Readiness;
    /** The service whose endpoints a replica looks up by itself, as `WorkloadNames` has it. */
    looksUp?: string;
    /** Resources that have to be ready first. */
    after?: pulumi.Input<pulumi.Resource>[];
}

/** Who decides how many replicas there are, and when. */
export interface Scaling {
    /** The platform by what it measures, or somebody else, whom the platform then leaves alone. */
    by: "platform" | "external";
    /** How many at most. */
    most: number;
    /** The average use, in percent of what is reserved, above which there are more; 0 does not look at it. */
    cpuPercent: number;
    memoryPercent: number;
    /** Other measures and another pace, in the platform's own terms. */
    metrics: object[];
    behavior: object;
}

/** What one replica gets. */
export interface Resources {
    /** A limit, and reserved where the platform can. */
    memoryBytes: number;
    /** A limit; absent is none. */
    cores?: number;
    /** Reserved where the platform can. */
    reservedCores: number;
}

/** One port of every replica. */
export interface Port {
    name: string;
    number: number;
    /** Who has a reason to: a workload's role, everybody who sends telemetry, or those who run the topology. */
    reachedBy: Role | "clients" | "operators";
    /** Whether it speaks TLS. */
    isEncrypted?: boolean;
    /** How it is reached from outside, on a platform without names of its own there; absent: not at all. */
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
    /** One stable name for each replica; none where a scaler decides how many there are. */
    hosts: string[];
    /** One name for all replicas that run. */
    sharedHost: string;
    /** The Kubernetes Service of the replicas, as "name.namespace"; absent on other platforms. */
    service?: string;
}

/** What a workload knows about itself once it is declared. */
export interface Workload extends WorkloadNames {
    /** "address:port" by the name of a published port, as many as there are ways in. */
    published: Record<string, pulumi.Output<string[]>>;
    /** Whatever comes after the workload depends on these. */
    ready: pulumi.Input<pulumi.Resource>[];
}

/** Ways from this machine to a running stack. */
export interface Reach {
    /** "address:port" of each lb, for OTLP over gRPC. */
    grpc: string[];
    /** "http://address:port" of each lb, for OTLP over HTTP. */
    http: string[];
    /** The address of each lb's own Prometheus metrics. */
    metrics: string[];
    /** The address of the external gateway's tap. */
    tap: string;
    /** What the lbs ask of their clients; absent: nothing. */
    access?: { serverName?: string; authority?: string; token?: string };
    close(): Promise<void>;
}
