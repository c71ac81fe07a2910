import type { types } from "@pulumi/kubernetes";

type NetworkPolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

export interface KubernetesPlatformArgs {
    /** The kubeconfig's context; whichever happens to be the current one is never used. KUBECONFIG names the file. */
    context: string;
    /** Where everything is created. */
    namespace: string;
    /**
     * Whether the namespace is created, with restricted Pod Security. Otherwise it has to exist.
     * @default true
     */
    createNamespace?: boolean;
    /**
     * The label `app.kubernetes.io/part-of` of all that is created, and how it is found again.
     * @default - "<project>-<stack>"
     */
    prefix?: string;
    /**
     * The class of the queues' volumes, "" for the cluster's default, or "ephemeral": then a queue is lost with its pod,
     * and with it what was acknowledged.
     * @default ""
     */
    storageClass?: string;
    /**
     * The size of each queue's volume, in Mi, Gi or Ti; the queues on it hold a quarter of it at most.
     * @default "10Gi"
     */
    storageSize?: string;
    /**
     * How clients reach the lbs.
     * @default ServiceType.ClusterIP
     */
    serviceType?: ServiceType;
    /**
     * Annotations of the lbs' Service, as a cloud's load balancer wants them.
     * @default - none
     */
    serviceAnnotations?: Record<string, string>;
    /**
     * Which endpoints of the lbs' Service are preferred: "PreferClose" (Kubernetes 1.31), "PreferSameZone",
     * "PreferSameNode" (1.34); "" prefers none.
     * @default ""
     */
    trafficDistribution?: string;
    /**
     * An Ingress for the lbs.
     * @default - none
     */
    ingress?: Ingress;
    /**
     * An HTTPRoute and a GRPCRoute for the lbs, on a Gateway (Gateway API) that exists.
     * @default - none
     */
    routes?: Routes;
    /**
     * Who may send telemetry to the lbs, as the `from` of a NetworkPolicy; none is everybody.
     * @default - everybody
     */
    clientsFrom?: NetworkPolicyPeer[];
    /**
     * Who may read metrics and the tap, as the `from` of a NetworkPolicy; none is nobody but through the API server.
     * @default - nobody
     */
    metricsFrom?: NetworkPolicyPeer[];
    /**
     * What the cluster asks of the pods of every tier.
     * @default - nothing
     */
    pods?: Pods;
}

export const ServiceType = {
    /** Inside the cluster only. */
    ClusterIP: "ClusterIP",
    /** On a port of every node. */
    NodePort: "NodePort",
    /** On an address of the cloud's load balancer. */
    LoadBalancer: "LoadBalancer",
} as const;
export type ServiceType = (typeof ServiceType)[keyof typeof ServiceType];

/** Ways in for OTLP over HTTP, over gRPC, or both; each has a host name. */
export interface Ingress {
    /** The host name for OTLP over HTTP. */
    httpHost?: string;
    /** The host name for OTLP over gRPC; the controller has to speak HTTP/2 to the lbs, often by one of `grpcAnnotations`. */
    grpcHost?: string;
    /** @default - the cluster's */
    className?: string;
    /** The Secret with the certificate of the hosts. @default - no TLS */
    tlsSecret?: string;
    /** For both Ingresses. */
    annotations?: Record<string, string>;
    /** For the Ingress of gRPC alone, as in {"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"}. */
    grpcAnnotations?: Record<string, string>;
}

export interface Routes {
    /** The Gateway, as "name" or "namespace/name". */
    gateway: string;
    /** The host name for OTLP over HTTP. */
    httpHost?: string;
    /** The host name for OTLP over gRPC. */
    grpcHost?: string;
}

/** Parts of a pod as Kubernetes writes them. */
export interface Pods {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    nodeSelector?: Record<string, string>;
    tolerations?: types.input.core.v1.Toleration[];
    affinity?: types.input.core.v1.Affinity;
    /** Names of Secrets with the credentials of private registries. */
    imagePullSecrets?: string[];
    priorityClassName?: string;
}

/** The storage class that stands for no volume at all. */
export const ephemeral = "ephemeral";

export const KUBERNETES_DEFAULTS = {
    createNamespace: true,
    storageClass: "",
    storageSize: "10Gi",
    serviceType: ServiceType.ClusterIP,
    serviceAnnotations: {},
    trafficDistribution: "",
    clientsFrom: [],
    metricsFrom: [],
    pods: {},
} satisfies Partial<KubernetesPlatformArgs>;
