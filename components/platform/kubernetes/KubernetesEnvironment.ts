import { Provider } from "@pulumi/kubernetes";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

export interface KubernetesEnvironmentArgs {
    context: string;
    namespace: string;
    createNamespace: boolean;
    /** The labels of the namespace, if it is created. */
    labels: Record<string, string>;
}

/**
 * What the provider would otherwise take from the environment of whoever runs it. A kubeconfig that it is given by name or
 * content it also writes to a temporary file, which stays; without one it finds the same files by itself.
 */
const explicit = {
    kubeconfig: "",
    enableConfigMapMutable: false,
    enableSecretMutable: true, // certificates are renewed in place
    enableServerSideApply: true,
};

/** What all workloads of a stack share on a cluster: the provider and the namespace. */
export class KubernetesEnvironment extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:KubernetesEnvironment";

    readonly provider: Provider;
    /** Known to exist. */
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: KubernetesEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super(KubernetesEnvironment.token, name, {}, opts);
        const { context, namespace } = args;
        this.provider = new Provider(
            name,
            { ...explicit, context, clusterIdentifier: context, namespace },
            { parent: this },
        );
        this.namespace = args.createNamespace ? this.createdNamespace(name, args) : pulumi.output(namespace);
        this.registerOutputs({});
    }

    private createdNamespace(name: string, { namespace, labels }: KubernetesEnvironmentArgs): pulumi.Output<string> {
        const restricted = { "pod-security.kubernetes.io/enforce": "restricted" };
        const created = new Namespace(
            name,
            { metadata: { name: namespace, labels: { ...labels, ...restricted } } },
            // With it the queues' volumes would go, and what is in them: only `npm run destroy` removes it.
            { parent: this, provider: this.provider, retainOnDelete: true },
        );
        return created.metadata.name;
    }
}
