import { at, type Config, isConfig, section } from "../components/collector/config";
import { diskBytes } from "../components/collector/quantity";
import type { Volume } from "../components/collector/volume";
import { type Collector, collectorConfig, decoded, mappings, type Resource, tierLabel, tierNamed } from "./collector";

/** The configurations in ConfigMaps and Secrets, with the workloads that mount them and the Services that lead there. */
export function kubernetesCollectors(resources: Resource[]): Collector[] {
    return resources.flatMap((resource) =>
        textsOf(resource).flatMap(([key, text]) => {
            const config = collectorConfig(text);
            return config ? [collectorIn(resource, key, config, resources)] : [];
        }),
    );
}

/** By their keys; a cluster shows what a Secret was given as stringData as data. */
function textsOf({ type, props }: Resource): [string, unknown][] {
    if (type === "kubernetes:core/v1:ConfigMap") return Object.entries(section(props, "data"));
    if (type !== "kubernetes:core/v1:Secret") return [];
    const inData = Object.entries(section(props, "data")).map(([key, text]) => [key, decoded(text)] as const);
    return Object.entries<unknown>({ ...Object.fromEntries(inData), ...section(props, "stringData") });
}

function collectorIn({ type, urn, props }: Resource, key: string, config: Config, resources: Resource[]): Collector {
    const namespace = namespaceOf(props);
    const kind = kindOf(type);
    const near = resources.filter((one) => namespaceOf(one.props) === namespace);
    const pods = near.flatMap(podsOf).filter((pod) => mounts(pod, kind, nameOf(props)));
    const said = [props, ...pods].map((one) => section(one, "metadata", "labels")[tierLabel]).find(tierNamed);
    return {
        urn,
        name: `${kind} ${namespace}/${nameOf(props)}, ${key}`,
        config,
        hosts: near
            .filter((one) => pods.some((pod) => leadsTo(one, pod)))
            .map((one) => `${nameOf(one.props)}.${namespace}`),
        namespace,
        tier: tierNamed(said),
        isReachable: true,
        volumes: pods.length > 0 ? pods.flatMap(durableVolumes) : undefined,
    };
}

/** A workload's pods, as its template has them, with the claims of a StatefulSet beside it. */
function podsOf({ type, props }: Resource): Config[] {
    if (!["StatefulSet", "Deployment", "DaemonSet"].includes(kindOf(type))) return [];
    return [{ ...section(props, "spec", "template"), claims: at(props, "spec", "volumeClaimTemplates") }];
}

function mounts(pod: Config, kind: string, name: string): boolean {
    const volumes = mappings(at(pod, "spec", "volumes"));
    const sources = [...volumes, ...volumes.flatMap((volume) => mappings(at(volume, "projected", "sources")))];
    return sources.some(({ configMap, secret }) =>
        kind === "ConfigMap"
            ? isNamed(configMap, "name", name)
            : isNamed(secret, "secretName", name) || isNamed(secret, "name", name),
    );
}

const isNamed = (source: unknown, key: string, name: string) => isConfig(source) && source[key] === name;

function leadsTo({ type, props }: Resource, pod: Config): boolean {
    const selector = Object.entries(section(props, "spec", "selector"));
    const labels = section(pod, "metadata", "labels");
    const isService = kindOf(type) === "Service" && selector.length > 0;
    return isService && selector.every(([key, value]) => labels[key] === value);
}

/** Claims, and folders of the node; an emptyDir dies with its pod. */
function durableVolumes(pod: Config): Volume[] {
    const claims = mappings(pod.claims);
    const lasting = mappings(at(pod, "spec", "volumes")).filter((one) => one.persistentVolumeClaim ?? one.hostPath);
    const names = [...claims.map(nameOf), ...lasting.map(({ name }) => String(name))];
    return mappings(at(pod, "spec", "containers"))
        .flatMap(({ volumeMounts }) => mappings(volumeMounts))
        .filter(({ name }) => names.includes(String(name)))
        .map(({ name, mountPath }) => {
            const claim = claims.find((one) => nameOf(one) === name) ?? {};
            return { path: String(mountPath), bytes: bytesOf(at(claim, "spec", "resources", "requests", "storage")) };
        });
}

function bytesOf(size: unknown): number | undefined {
    return typeof size === "string" && /^[1-9]\d*(Mi|Gi|Ti)$/.test(size) ? diskBytes("a claim", size) : undefined;
}

/** "ConfigMap" of "kubernetes:core/v1:ConfigMap". */
const kindOf = (type: string) => type.split(":").at(-1) ?? type;
const nameOf = (object: Config) => textAt(object, "name") ?? "";
const namespaceOf = (object: Config) => textAt(object, "namespace") ?? "default";

function textAt(object: Config, key: string): string | undefined {
    const value = at(object, "metadata", key);
    return typeof value === "string" ? value : undefined;
}
