import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type KubernetesWorkload, metadata } from "./workload";

/** Who the pods of a workload are to the cluster. */
export interface Identity {
    serviceAccount: string;
    /** Whether a pod gets a token; only a workload that looks something up has a use for one. */
    hasToken: boolean;
    /** What has to be there before a pod starts. */
    grants: pulumi.Resource[];
}

export function identity(workload: KubernetesWorkload): Identity {
    const { name, spec, options } = workload;
    const account = new ServiceAccount(
        name,
        { metadata: metadata(workload, { name }), automountServiceAccountToken: false },
        options,
    );
    const hasToken = spec.looksUp !== undefined;
    return { serviceAccount: name, hasToken, grants: hasToken ? [account, mayReadEndpoints(workload)] : [account] };
}

/** The k8s resolver reads the endpoints of its gateways, in their namespace, and nothing else. */
function mayReadEndpoints(workload: KubernetesWorkload): RoleBinding {
    const { name, namespace, options } = workload;
    const inTheirNamespace = { ...metadata(workload, { name }), namespace: namespaceOf(workload) };
    const role = new Role(
        name,
        {
            metadata: inTheirNamespace,
            rules: [
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
            ],
        },
        options,
    );
    return new RoleBinding(
        name,
        {
            metadata: inTheirNamespace,
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            subjects: [{ kind: "ServiceAccount", name, namespace }],
        },
        options,
    );
}

/** Where the service is that a workload looks up; its own namespace is known to exist. */
function namespaceOf({ spec, settings, namespace }: KubernetesWorkload): pulumi.Input<string> {
    const [, theirs = settings.namespace] = spec.looksUp?.split(".") ?? [];
    return theirs === settings.namespace ? namespace : theirs;
}
