import { type Configuration, EngineStack, newStackName } from "./engineStack";
import { testCluster } from "./kubernetesCluster";

/** The least that a collector runs with: a node of two cores takes many. */
const frugal = {
    gatewayMemory: "96Mi",
    gatewayCpuRequest: "10m",
    loadBalancerMemory: "256Mi",
    loadBalancerCpuRequest: "10m",
    externalGatewayMemory: "256Mi",
    externalGatewayCpuRequest: "10m",
    storageSize: "400Mi",
};

/** What opens a stack on the test cluster, in a namespace of the same name. @param whose what its name begins with */
export async function openOnCluster(whose: string, configuration: Configuration) {
    const { context } = await testCluster();
    const name = newStackName(whose);
    return EngineStack.open(name, {
        platform: "kubernetes",
        resolver: "k8s",
        loadBalancers: 2,
        image: "otel/opentelemetry-collector-contrib:0.161.0",
        waived: ["ingress/is-encrypted", "ingress/knows-its-clients"], // as Pulumi.k8s.yaml
        ...frugal,
        ...configuration,
        context,
        namespace: name,
    });
}
