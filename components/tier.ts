import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import { type Config, configsFolder, mergeConfig, printConfig, readConfig } from "./collector/config";
import type { TierIdentities, TierIdentity } from "./certificates/identity";
import { identityFiles } from "./collector/mtls";
import { stopGraceSeconds } from "./collector/deadlines";
import { ports } from "./collector/ports";
import { cpuCores, memoryBytes } from "./collector/quantity";
import type { RuleId } from "./collector/rules/catalogue";
import { requireRules } from "./collector/rules/refuse";
import { Size, sizes } from "./collector/sizes";
import type { Surroundings } from "./collector/topology";
import { durableFolder } from "./collector/volume";
import { withDefaults } from "./defaults";
import type { FileContent, Files } from "./platform/files";
import type { Destination, Platform, Readiness, Resources, Role, WorkloadSpec } from "./platform/platform";

/** What every tier of collectors takes. */
export interface TierArgs {
    /** Where the tier runs. */
    platform: Platform;
    /**
     * The collector image.
     * @default "otel-collector-tiers/collector:0.161.0", which `npm run setup` makes
     */
    image?: string;
    /**
     * What one replica is given: memory and CPU, unless they are set.
     * @default Size.small
     */
    size?: Size;
    /**
     * The memory limit of one replica, as Kubernetes writes it; the collector refuses data before it is reached.
     * @default - the size's: "512Mi", "1Gi" or "2Gi"
     */
    memory?: string;
    /**
     * The CPU limit of one replica, as Kubernetes writes it; "0" is no limit.
     * @default "0"
     */
    cpu?: string;
    /**
     * The CPU that is reserved for one replica, where the platform can.
     * @default - the size's: "100m", "500m" or "1"
     */
    cpuRequest?: string;
    /**
     * The path of the collector configuration to complete.
     * @default - the tier's file in `configs/`
     */
    config?: string;
    /**
     * Collector configuration laid over everything else: mappings merge, other values replace, null removes.
     * What breaks a rule is refused. They may hold secrets, so with them the text is a secret.
     * @default - none
     */
    overrides?: Config;
    /**
     * Who the tiers are to one another; without, they neither encrypt nor verify what goes between them.
     * @default - none
     */
    identities?: TierIdentities;
    /**
     * Rules that this tier may break, by their ids; what each promises is given up. Those that it keeps change nothing.
     * @default - none
     */
    waived?: RuleId[];
}

export const TIER_DEFAULTS = {
    image: "otel-collector-tiers/collector:0.161.0",
    size: Size.small,
    cpu: "0",
    waived: [],
} satisfies Partial<TierArgs>;

/** Of a replica's files, as configs/*.yaml have it. */
export const filesFolder = "/etc/otelcol";
/** The file among them that a collector is configured by. */
export const configurationName = "config.yaml";
/**
 * Go collects when the heap has grown ninefold, for less CPU than with the default's twofold, and in any case
 * below the soft limit of the memory_limiter, which is to refuse for what is in use and never for garbage.
 */
const goGarbagePercent = 800;
const goMemoryShare = 0.45;

/** The first lines of every tier: its configuration file, completed, with the overrides on top. */
export function tierConfig(file: string, args: TierArgs, complete: (base: Config) => Config): Config {
    requireRules("waived", args.waived ?? []);
    return mergeConfig(complete(readConfig(args.config ?? join(configsFolder, file))), args.overrides ?? {});
}

/** What a replica finds in its folder; the configuration is a secret where overrides could have put one into it. */
export function tierFiles(config: Config, { overrides = {} }: TierArgs, reread: Files["reread"]): Files {
    const text = printConfig(config);
    const isSecret = Object.keys(overrides).length > 0;
    return {
        folder: filesFolder,
        configuration: {
            name: configurationName,
            option: "--config",
            text: isSecret ? pulumi.secret(text) : text,
            isSecret,
        },
        reread,
    };
}

/** The same with a configuration that has secrets in it. */
export function withSecretText(files: Files, text: pulumi.Output<string>): Files {
    return { ...files, configuration: files.configuration && { ...files.configuration, text, isSecret: true } };
}

/** What a tier shows its neighbours, and what it knows them by. */
export function identityFilesOf(
    own: TierIdentity | undefined,
    { senders, next }: { senders?: TierIdentity; next?: TierIdentity },
): Record<string, FileContent> {
    if (!own) return {};
    return {
        [identityFiles.certificate]: own.certificate,
        [identityFiles.key]: own.key,
        ...(senders && { [identityFiles.senders]: senders.authority }),
        ...(next && { [identityFiles.next]: next.authority }),
    };
}

/** Where a workload sends whose next hop is this: to a tier that the platform knows, unless it runs elsewhere. */
export function destination(platform: Platform, next: { platform?: Platform }, role: Role): Destination {
    return next.platform === platform ? { role, port: ports.otlpGrpc } : "anywhere";
}

type CollectorSpec = Pick<
    WorkloadSpec,
    "image" | "args" | "environment" | "resources" | "readiness" | "drainSeconds" | "stopGraceSeconds"
>;

/**
 * What is the same for every tier of collectors.
 * @param noticeSeconds until its senders have noticed that a replica came or went
 */
export function collectorSpec(name: string, args: TierArgs, config: Config, noticeSeconds: number): CollectorSpec {
    const resources = resourcesOf(name, args);
    return {
        image: args.image ?? TIER_DEFAULTS.image,
        args: [],
        environment: {
            GOGC: `${goGarbagePercent}`,
            GOMEMLIMIT: `${Math.floor(resources.memoryBytes * goMemoryShare)}`,
            ...(args.identities && { CERTIFICATE_GENERATION: `${args.identities.generation ?? 1}` }),
        },
        resources,
        readiness: { ...collectorReadiness, settleSeconds: noticeSeconds },
        drainSeconds: noticeSeconds,
        stopGraceSeconds: stopGraceSeconds(config),
    };
}

/** Bytes of memory that one replica is limited to. @throws InvalidInput when it is no quantity, or less than 64Mi */
export function replicaMemory(name: string, args: TierArgs): number {
    return memoryBytes(`memory of ${name}`, args.memory ?? sizes[args.size ?? TIER_DEFAULTS.size].memory);
}

function resourcesOf(name: string, args: TierArgs): Resources {
    const { cpu, cpuRequest } = withDefaults(args, {
        ...TIER_DEFAULTS,
        ...sizes[args.size ?? TIER_DEFAULTS.size],
    });
    return {
        memoryBytes: replicaMemory(name, args),
        cores: cpuCores(`cpu of ${name}`, cpu),
        reservedCores: cpuCores(`cpuRequest of ${name}`, cpuRequest) ?? 0,
    };
}

/** What a collector says and answers once all of its pipelines run. */
export const collectorReadiness: Omit<Readiness, "settleSeconds"> = {
    port: ports.health,
    path: "/",
    logLine: "Everything is ready. Begin running and processing data.",
};

/** The volume that a queue is on; the collector's user may write to it. */
export const storage = { path: durableFolder };

/**
 * What the rules have to know of a tier beside its configuration.
 * @param bindAddress that clients' ports are published on, of a tier that has any
 */
export function surroundingsOf(
    { platform, identities }: Pick<TierArgs, "platform" | "identities">,
    bindAddress?: string,
): Surroundings {
    const volumes = [{ ...storage, bytes: platform.diskBytes }];
    return {
        volumes: { loadBalancer: volumes, externalGateway: volumes },
        hasIdentities: identities !== undefined,
        isReachable: bindAddress !== undefined && platform.isReachable(bindAddress),
    };
}
