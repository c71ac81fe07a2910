import type { types } from "@pulumi/kubernetes";
import type { Port, Readiness, Resources } from "../platform";
import { collectorUser } from "../user";
import { ephemeral } from "./args";
import type { MountedFiles } from "./mountedFiles";
import type { Identity } from "./identity";
import { allLabels, type KubernetesWorkload, selectorLabels } from "./workload";

type Container = types.input.core.v1.Container;
type PodSpec = types.input.core.v1.PodSpec;
type Template = types.input.core.v1.PodTemplateSpec;

/** Both pass restricted Pod Security. The user's group owns the volumes. */
export const podSecurity = {
    runAsNonRoot: true,
    runAsUser: collectorUser,
    runAsGroup: collectorUser,
    fsGroup: collectorUser,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
};
export const containerSecurity = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
};
export const queueVolume = "queue";
const filesVolume = "files";
/** Nobody but the collector's group reads them. */
const readByGroup = 0o440;

/** What every replica of a workload is made from. */
export function podTemplate(workload: KubernetesWorkload, identity: Identity, files?: MountedFiles): Template {
    const { spec, settings } = workload;
    const { labels, annotations, nodeSelector, tolerations, affinity, imagePullSecrets, priorityClassName } =
        settings.pods;
    return {
        metadata: { labels: { ...labels, ...allLabels(workload) }, ...(annotations && { annotations }) },
        spec: {
            serviceAccountName: identity.serviceAccount,
            automountServiceAccountToken: identity.hasToken,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: Math.ceil(spec.drainSeconds) + spec.stopGraceSeconds,
            securityContext: podSecurity,
            topologySpreadConstraints: spread(workload),
            containers: [container(workload, files)],
            volumes: volumes(workload, files),
            ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
            nodeSelector,
            tolerations,
            affinity,
            priorityClassName,
        },
    };
}

function container({ spec }: KubernetesWorkload, files?: MountedFiles): Container {
    const { environment = {}, readiness } = spec;
    return {
        name: spec.role,
        image: spec.image,
        imagePullPolicy: "IfNotPresent",
        args: [...(files?.args ?? []), ...spec.args],
        env: [
            { name: "REPLICA_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            ...Object.entries(environment).map(([name, value]) => ({ name, value })),
        ],
        ports: spec.ports.map(({ name, number }: Port) => ({ name, containerPort: number })),
        resources: resources(spec.resources),
        ...(readiness && probes(readiness)),
        ...(spec.drainSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: Math.ceil(spec.drainSeconds) } } } }),
        securityContext: containerSecurity,
        volumeMounts: [
            ...(files ? [{ name: filesVolume, mountPath: files.folder, readOnly: true }] : []),
            ...(spec.storage ? [{ name: queueVolume, mountPath: spec.storage.path }] : []),
        ],
    };
}

/** Memory is reserved in full, or the node would run out of it before the collector refuses more. */
function resources({ memoryBytes, cores, reservedCores }: Resources): types.input.core.v1.ResourceRequirements {
    const memory = `${memoryBytes / 2 ** 10}Ki`;
    const milli = (value: number) => `${Math.round(value * 1_000)}m`;
    return {
        requests: { memory, ...(reservedCores > 0 && { cpu: milli(Math.min(reservedCores, cores ?? Infinity)) }) },
        limits: { memory, ...(cores && { cpu: milli(cores) }) },
    };
}

/** A start may take as long as a large queue needs to be compacted; a collector that is only busy is not killed. */
function probes({ path, port }: Readiness): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
    const httpGet = { path, port };
    return {
        startupProbe: { httpGet, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 180 },
        readinessProbe: { httpGet, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
        livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    };
}

/** Over zones first, then over nodes; a pod that fits nowhere better still runs. */
function spread(workload: KubernetesWorkload): types.input.core.v1.TopologySpreadConstraint[] {
    return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(workload) },
    }));
}

function volumes({ spec, settings }: KubernetesWorkload, files?: MountedFiles): PodSpec["volumes"] {
    const { storageClass, storageSize } = settings;
    const isEphemeral = spec.storage && storageClass === ephemeral;
    return [
        ...(files ? [{ name: filesVolume, projected: { sources: files.sources, defaultMode: readByGroup } }] : []),
        ...(isEphemeral ? [{ name: queueVolume, emptyDir: { sizeLimit: storageSize } }] : []),
    ];
}
