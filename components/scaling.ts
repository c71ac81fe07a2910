import type { WithDefaults } from "./defaults";
import { invalid } from "./errors";
import type { Scaling } from "./platform/platform";

/** Who decides how many gateways there are. */
export const ScaledBy = {
    /** The argument `replicas`. */
    replicas: "replicas",
    /** The platform, by what it measures: on Kubernetes a HorizontalPodAutoscaler. */
    platform: "platform",
    /** Somebody else, KEDA for example; the number is never touched here. */
    external: "external",
} as const;
export type ScaledBy = (typeof ScaledBy)[keyof typeof ScaledBy];

/** What a tier takes whose replicas somebody else may count. */
export interface ScalingArgs {
    /**
     * Who decides how many there are. A resolver with a fixed list of names goes with `replicas` only.
     * @default ScaledBy.replicas
     */
    scaledBy?: ScaledBy;
    /**
     * How many gateways at most, with `ScaledBy.platform`.
     * @default 10
     */
    maxReplicas?: number;
    /**
     * The average CPU of a gateway, in percent of what is reserved for it, above which there are more; 0 ignores it.
     * @default 75
     */
    scaleOnCpu?: number;
    /**
     * The average memory of a gateway, in percent of its limit, above which there are more; 0 ignores it.
     * @default 0
     */
    scaleOnMemory?: number;
    /**
     * Further measures, as the `metrics` of a Kubernetes HorizontalPodAutoscaler (autoscaling/v2).
     * @default - none
     */
    scaleOnMetrics?: object[];
    /**
     * How fast, as the `behavior` of a Kubernetes HorizontalPodAutoscaler.
     * @default - at once up, one gateway in five minutes down
     */
    scaleBehavior?: object;
}

export const SCALING_DEFAULTS = {
    scaledBy: ScaledBy.replicas,
    maxReplicas: 10,
    scaleOnCpu: 75,
    scaleOnMemory: 0,
    scaleOnMetrics: [],
    scaleBehavior: {},
} satisfies ScalingArgs;

type Settings = WithDefaults<ScalingArgs, typeof SCALING_DEFAULTS> & { replicas: number };

/** @throws InvalidInput when a scaler could never do what it is asked for */
export function scalingOf(settings: Settings): Scaling | undefined {
    const { scaledBy, replicas, maxReplicas } = settings;
    if (scaledBy === ScaledBy.replicas) return undefined;
    if (scaledBy === ScaledBy.platform && maxReplicas < replicas)
        throw invalid("maxReplicas", maxReplicas, `at least ${replicas}, as many as replicas`);
    const { scaleOnCpu, scaleOnMemory, scaleOnMetrics } = settings;
    if (scaledBy === ScaledBy.platform && !scaleOnCpu && !scaleOnMemory && scaleOnMetrics.length === 0) {
        throw invalid("scaleOnCpu", scaleOnCpu, "above 0, or scaleOnMemory, or scaleOnMetrics, to scale on");
    }
    return {
        by: scaledBy,
        most: maxReplicas,
        cpuPercent: settings.scaleOnCpu,
        memoryPercent: settings.scaleOnMemory,
        metrics: settings.scaleOnMetrics,
        behavior: settings.scaleBehavior,
    };
}
