import type { V1Affinity, V1Container, V1Job, V1Secret, V1Toleration } from "@kubernetes/client-node";
import { durableFolder } from "../../collector/volume";
import type { CollectorToValidate } from "../platform";
import { validateArgs } from "../validation";
import type { Pods } from "./args";
import { containerSecurity, podSecurity } from "./pod";

/** How long its pod may take until it is ended, and how long what is left of it then stays, in seconds. */
const deadlineSeconds = 120;
const leftSeconds = 60;

const configFolder = "/etc/otelcol";
const fileOf = (tier: string) => `${tier}.yaml`;

/** What finds the pod of a Job; whoever counts a stack's pods, or lets them through, means those that run it. */
export const validationLabels = (job: string) => ({ "otel-collector-tiers/validation": job });

/**
 * A Job whose pod has a collector for each configuration, which looks at it and ends. Kubernetes removes it also
 * when nobody is left to do it.
 */
export function validationJob(name: string, collectors: CollectorToValidate[], pods: Pods): V1Job {
    const { labels, annotations, nodeSelector, tolerations, affinity, imagePullSecrets, priorityClassName } = pods;
    return {
        metadata: { name, labels: validationLabels(name) },
        spec: {
            backoffLimit: 0,
            activeDeadlineSeconds: deadlineSeconds,
            ttlSecondsAfterFinished: leftSeconds,
            template: {
                metadata: { labels: { ...labels, ...validationLabels(name) }, annotations },
                spec: {
                    restartPolicy: "Never",
                    automountServiceAccountToken: false,
                    enableServiceLinks: false,
                    securityContext: podSecurity,
                    containers: collectors.map(container),
                    volumes: [
                        { name: "config", secret: { secretName: name } },
                        { name: "queue", emptyDir: {} },
                    ],
                    imagePullSecrets: imagePullSecrets?.map((name) => ({ name })),
                    nodeSelector,
                    tolerations: tolerations as V1Toleration[] | undefined,
                    affinity: affinity as V1Affinity | undefined,
                    priorityClassName,
                },
            },
        },
    };
}

/** With a limit, which some namespaces ask for; what it ends with is told without a right to read logs. */
function container({ tier, image }: CollectorToValidate): V1Container {
    return {
        name: tier,
        image,
        imagePullPolicy: "IfNotPresent",
        args: validateArgs(`${configFolder}/${fileOf(tier)}`),
        env: [{ name: "REPLICA_NAME", value: tier }],
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "512Mi" } },
        securityContext: containerSecurity,
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
            { name: "config", mountPath: `${configFolder}/${fileOf(tier)}`, subPath: fileOf(tier), readOnly: true },
            { name: "queue", mountPath: durableFolder },
        ],
    };
}

/** What the Job's pod reads; it goes with the Job. */
export function validationSecret({ metadata }: V1Job, collectors: CollectorToValidate[]): V1Secret {
    const { name = "", uid = "" } = metadata ?? {};
    return {
        metadata: {
            name,
            labels: validationLabels(name),
            ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid }],
        },
        stringData: Object.fromEntries(collectors.map(({ tier, text }) => [fileOf(tier), text])),
    };
}
