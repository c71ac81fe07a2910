import type { types } from "@pulumi/kubernetes";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1";
import * as pulumi from "@pulumi/pulumi";
import { ephemeral } from "./args";
import type { MountedFiles } from "./mountedFiles";
import type { Identity } from "./identity";
import { podTemplate, queueVolume } from "./pod";
import { type KubernetesWorkload, metadata, selectorLabels, unawaited } from "./workload";

interface Parts {
    identity: Identity;
    files?: MountedFiles;
    after: pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
}

/** A successor of another shape takes the pods' names as they become free. */
const goneAtOnce = { "pulumi.com/deletionPropagationPolicy": "background" };

/** Who once scaled by hand owns the number from then on, and would keep the setting from ever changing it. */
const oursAgain = { "pulumi.com/patchForce": "true" };

/** The replicas: with names that stay, changed one at a time, started and scaled all at once. */
export function statefulSet(workload: KubernetesWorkload, { identity, files, after }: Parts): StatefulSet {
    const { name, spec, options } = workload;
    return new StatefulSet(
        name,
        {
            metadata: metadata(workload, { name, annotations: { ...unawaited, ...goneAtOnce, ...oursAgain } }),
            spec: {
                serviceName: name,
                ...(!spec.scaling && { replicas: spec.replicas }),
                podManagementPolicy: "Parallel",
                updateStrategy: { type: "RollingUpdate" },
                minReadySeconds: Math.ceil(spec.readiness?.settleSeconds ?? 0),
                selector: { matchLabels: selectorLabels(workload) },
                template: podTemplate(workload, identity, files),
                persistentVolumeClaimRetentionPolicy: { whenScaled: "Retain", whenDeleted: "Retain" },
                volumeClaimTemplates: claims(workload),
            },
        },
        {
            ...options,
            dependsOn: pulumi.output(after).apply((resources) => [...identity.grants, ...resources]),
            // A scaler owns the number: what it was when the scaler took over is not put back.
            ignoreChanges: spec.scaling ? ["spec.replicas"] : [],
        },
    );
}

function claims({ spec, settings }: KubernetesWorkload): types.input.core.v1.PersistentVolumeClaim[] {
    const { storageClass, storageSize } = settings;
    if (!spec.storage || storageClass === ephemeral) return [];
    return [
        {
            metadata: { name: queueVolume },
            spec: {
                accessModes: ["ReadWriteOnce"],
                ...(storageClass && { storageClassName: storageClass }),
                resources: { requests: { storage: storageSize } },
            },
        },
    ];
}
