import type { types } from "@pulumi/kubernetes";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import type { StatefulSet } from "@pulumi/kubernetes/apps/v1";
import type { Scaling } from "../platform";
import { type KubernetesWorkload, metadata } from "./workload";

type Behavior = types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior;
type Metric = types.input.autoscaling.v2.MetricSpec;

/** Each step in moves traces to other gateways, so there is one in five minutes. */
const oneDownInFiveMinutes: Behavior = {
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 300 }] },
};

export function autoscaler(workload: KubernetesWorkload, target: StatefulSet): HorizontalPodAutoscaler | undefined {
    const { name, spec, options } = workload;
    const { scaling } = spec;
    if (scaling?.by !== "platform") return undefined;
    return new HorizontalPodAutoscaler(
        name,
        {
            metadata: metadata(workload, { name }),
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: target.metadata.name },
                minReplicas: spec.replicas,
                maxReplicas: scaling.most,
                metrics: metrics(scaling),
                behavior: { ...oneDownInFiveMinutes, ...scaling.behavior },
            },
        },
        options,
    );
}

function metrics({ cpuPercent, memoryPercent, metrics }: Scaling): Metric[] {
    return [
        ...(cpuPercent > 0 ? [utilization("cpu", cpuPercent)] : []),
        ...(memoryPercent > 0 ? [utilization("memory", memoryPercent)] : []),
        ...(metrics as Metric[]),
    ];
}

function utilization(name: string, averageUtilization: number): Metric {
    return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}
