import type { V1EndpointSlice, V1KeyToPath, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { parse } from "yaml";
import { type Config, isConfig } from "../../components/collector/config";
import { nameOf } from "../../components/platform/kubernetes/objects";
import { configurationName } from "../../components/tier";
import { type TestCluster, testCluster } from "./kubernetesCluster";
import { PodLives } from "./kubernetesLives";
import { WatchedObjects } from "./kubernetesWatch";
import type { Tier } from "./rig";

interface Watched {
    pods: WatchedObjects<V1Pod>;
    sets: WatchedObjects<V1StatefulSet>;
    slices: WatchedObjects<V1EndpointSlice>;
}

/** What a stack has in its namespace, as it is told by the API server: asked again and again, it costs no request. */
export class KubernetesObjects {
    /** By the names of their objects, which are never changed. */
    private readonly configs = new Map<string, Promise<Config>>();

    private constructor(
        private readonly cluster: TestCluster,
        private readonly namespace: string,
        private readonly watched: Watched,
        private readonly lives: PodLives,
    ) {}

    static async watch(namespace: string): Promise<KubernetesObjects> {
        const cluster = await testCluster();
        const { core, apps, discovery } = cluster;
        const lives = new PodLives();
        const here = (group: string, kind: string) => `${group}/namespaces/${namespace}/${kind}`;
        const watched = {
            pods: await WatchedObjects.start<V1Pod>(
                cluster,
                here("/api/v1", "pods"),
                () => core.listNamespacedPod({ namespace }),
                (pod) => lives.see(pod),
            ),
            sets: await WatchedObjects.start<V1StatefulSet>(cluster, here("/apis/apps/v1", "statefulsets"), () =>
                apps.listNamespacedStatefulSet({ namespace }),
            ),
            slices: await WatchedObjects.start<V1EndpointSlice>(
                cluster,
                here("/apis/discovery.k8s.io/v1", "endpointslices"),
                () => discovery.listNamespacedEndpointSlice({ namespace }),
            ),
        };
        return new KubernetesObjects(cluster, namespace, watched, lives);
    }

    pod(name: string): V1Pod | undefined {
        return this.watched.pods.get().find((pod) => nameOf(pod) === name);
    }

    /** All that are there, also those on their way out. */
    pods(): readonly V1Pod[] {
        return this.watched.pods.get();
    }

    podsOf(tier: Tier): V1Pod[] {
        return this.pods().filter(({ metadata }) => metadata?.labels?.["app.kubernetes.io/instance"] === tier);
    }

    /** Those that a tier should have, in order. */
    replicas(tier: Tier): string[] {
        return Array.from({ length: this.set(tier)?.spec?.replicas ?? 0 }, (_, index) => `${tier}-${index}`);
    }

    /** Of a Service's endpoints. */
    slicesOf(service: string): V1EndpointSlice[] {
        const label = "kubernetes.io/service-name";
        return this.watched.slices.get().filter(({ metadata }) => metadata?.labels?.[label] === service);
    }

    /** The finished configuration that a tier has, or is on its way to. */
    config(tier: Tier): Promise<Config> {
        const volumes = this.set(tier)?.spec?.template.spec?.volumes ?? [];
        const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
        const holds = (items: V1KeyToPath[] = []) => items.some(({ path }) => path === configurationName);
        const { configMap, secret } =
            sources.find(({ configMap, secret }) => holds((configMap ?? secret)?.items)) ?? {};
        const name = (configMap ?? secret)?.name ?? "";
        const config = this.configs.get(name) ?? this.readConfig(name, secret !== undefined);
        this.configs.set(name, config);
        config.catch(() => this.configs.delete(name));
        return config;
    }

    crashes(): string[] {
        return this.lives.crashes();
    }

    async close(): Promise<void> {
        await Promise.all(Object.values(this.watched).map((kind: { close(): Promise<void> }) => kind.close()));
    }

    private set(tier: Tier): V1StatefulSet | undefined {
        return this.watched.sets.get().find((set) => nameOf(set) === tier);
    }

    private async readConfig(name: string, isSecret: boolean): Promise<Config> {
        const { core } = this.cluster;
        const here = { namespace: this.namespace, name };
        const texts = isSecret
            ? Object.values((await core.readNamespacedSecret(here)).data ?? {}).map(decoded)
            : Object.values((await core.readNamespacedConfigMap(here)).data ?? {});
        const config: unknown = parse(texts[0] ?? "", { version: "1.1" });
        return isConfig(config) ? config : {};
    }
}

const decoded = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
