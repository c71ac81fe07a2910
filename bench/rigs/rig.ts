import type { Resolver } from "../../components";
import type { Access } from "../../verify/access";
import type { RingView } from "../../verify/ring";

export type { RingView } from "../../verify/ring";

/** `custody` is what `npm start` deploys; `default` is the exporter's documented two-tier example with an external hop. */
export type Profile = "custody" | "default";

/** The settings of a stack, as in Pulumi.dev.yaml. */
export type Settings = Record<string, unknown>;

/** Where clients send, and what they need there. */
export interface Clients {
    grpc: string[];
    http: string[];
    access?: Access;
}

/** What is under test, wherever it runs: three tiers, and a hand to break them with. */
export interface Rig {
    readonly platform: "docker" | "kubernetes";
    readonly resolver: Resolver;
    readonly profile: Profile;

    /** Brings it to these settings, as `npm start` does; what they do not name is as in the rig's own. */
    up(settings: Settings): Promise<void>;
    /** The same, but the engine and all its processes are killed after so long; resolves once they are gone. */
    interruptedUp(settings: Settings, afterMs: number): Promise<void>;
    /** Where clients send: each lb, or one address for all of them. */
    clients(): Promise<Clients>;

    /** The replicas of a tier that should run now, in order: "gateway-1", as each stamps its spans. */
    replicas(tier: Tier): Promise<string[]>;
    /** SIGTERM, and where the platform does not bring it back, it stays away. */
    stop(replica: string): Promise<void>;
    /** SIGKILL; the same. */
    kill(replica: string): Promise<void>;
    /** Brings back what was stopped or killed; resolves once it is ready. */
    start(replica: string): Promise<void>;
    /** Takes every replica of a tier away, and brings them all back. */
    removeAll(tier: Tier): Promise<void>;
    restoreAll(tier: Tier): Promise<void>;
    /** Freezes a process, whose connections stay open. */
    pause(replica: string): Promise<void>;
    resume(replica: string): Promise<void>;

    /** What a ring of this resolver consists of at this moment: its endpoints, as the exporter hashes them, with the gateway behind each. */
    ring(): Promise<Record<string, string>>;
    /** What each lb that answers makes of it. */
    ringViews(): Promise<RingView[]>;
    /** Bytes in all queues on disk; undefined while a collector does not answer. */
    queued(): Promise<number | undefined>;
    /** Replicas that ended without having been asked to since the rig came up, or were killed for their memory, in a sentence each. */
    crashes(): Promise<string[]>;
    /** The memory that each replica has in use, without the page cache, and its limit. */
    memory(): Promise<Record<string, { bytes: number; limit: number }>>;

    /** Removes all of it. */
    destroy(): Promise<void>;
}

export const tiers = ["load-balancer", "gateway", "external-gateway"] as const;
export type Tier = (typeof tiers)[number];
