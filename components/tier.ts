import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import { type Config, configsFolder, mergeConfig, printConfig, readConfig } from "./collector/config";
import { durableFolder } from "./collector/custody";
import { ports } from "./collector/ports";
import { cpuCores, memoryBytes } from "./collector/quantity";
import type { Platform, Readiness, WorkloadSpec } from "./platform/platform";

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
     * The memory limit of one replica, as Kubernetes writes it; the collector refuses data before it is reached.
     * @default "512Mi"
     */
    memory?: string;
    /**
     * The CPU limit of one replica, as Kubernetes writes it; "0" is no limit.
     * @default "0"
     */
    cpu?: string;
    /**
     * The path of the collector configuration to complete.
     * @default - the tier's file in `configs/`
     */
    config?: string;
    /**
     * Collector configuration laid over everything else: mappings merge, other values replace, null removes.
     * What would lose acknowledged telemetry is refused. They may hold secrets, so with them the text is a secret.
     * @default - none
     */
    overrides?: Config;
}

export const TIER_DEFAULTS = { image: "otel-collector-tiers/collector:0.161.0", memory: "512Mi", cpu: "0" } as const;

const configPath = "/etc/otelcol/config.yaml";
/** The rest is for what the Go runtime does not count. */
const goMemoryShare = 0.8;

/** The first lines of every tier: its configuration file, completed, with the overrides on top. */
export function tierConfig(file: string, args: TierArgs, complete: (base: Config) => Config): Config {
    return mergeConfig(complete(readConfig(args.config ?? join(configsFolder, file))), args.overrides ?? {});
}

/** The text of a configuration; a secret where overrides could have put one into it. */
export function configText(config: Config, { overrides = {} }: TierArgs): pulumi.Input<string> {
    const text = printConfig(config);
    return Object.keys(overrides).length > 0 ? pulumi.secret(text) : text;
}

/** What is the same for every tier of collectors. */
export function collectorSpec(
    name: string,
    args: TierArgs,
    settleSeconds: number,
    text: pulumi.Input<string>,
): Pick<WorkloadSpec, "image" | "args" | "file" | "environment" | "limits" | "readiness" | "stopGraceSeconds"> {
    const bytes = memoryBytes(`memory of ${name}`, args.memory ?? TIER_DEFAULTS.memory);
    return {
        image: args.image ?? TIER_DEFAULTS.image,
        args: [`--config=${configPath}`],
        file: { path: configPath, text },
        environment: { GOMEMLIMIT: `${Math.floor(bytes * goMemoryShare)}` },
        limits: { memoryBytes: bytes, cores: cpuCores(`cpu of ${name}`, args.cpu ?? TIER_DEFAULTS.cpu) },
        readiness: { ...collectorReadiness, settleSeconds },
        stopGraceSeconds,
    };
}

/** A gateway's own deadlines several times over, and most waits of an lb for a gateway; who is killed after it loses nothing. */
const stopGraceSeconds = 40;

const collectorReadiness: Omit<Readiness, "settleSeconds"> = {
    port: ports.health,
    path: "/",
    logLine: "Everything is ready. Begin running and processing data.",
};

/** The volume that a queue is on; the collector's user may write to it. */
export const storage = { path: durableFolder };
