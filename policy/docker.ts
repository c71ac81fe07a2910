import { type Config, list } from "../components/collector/config";
import { type Collector, collectorConfig, decoded, mappings, type Resource, tierLabel, tierNamed } from "./collector";

/** The configurations that containers are given as uploads. */
export function dockerCollectors(resources: Resource[]): Collector[] {
    return resources
        .filter(({ type }) => type.startsWith("docker:"))
        .flatMap(({ urn, props }) => mappings(props.uploads).flatMap((upload) => collectorIn(urn, props, upload)));
}

function collectorIn(urn: string, container: Config, { file, content, contentBase64 }: Config): Collector[] {
    const config = collectorConfig(content || decoded(contentBase64 ?? ""));
    if (!config) return [];
    const { name, hostname, networksAdvanced, labels } = container;
    const hosts = [name, hostname].filter((host) => typeof host === "string");
    const aliases = mappings(networksAdvanced).flatMap((network) => list(network, "aliases"));
    const said = mappings(labels).find(({ label }) => label === tierLabel)?.value;
    const volumes = durableFolders(container).map((path) => ({ path }));
    const where = `container ${String(name)}, ${String(file)}`;
    return [{ urn, name: where, config, hosts: [...hosts, ...aliases], tier: tierNamed(said), volumes }];
}

/** Volumes and folders of the machine; a tmpfs dies with its container. */
function durableFolders({ volumes, mounts }: Config): string[] {
    const mounted = mappings(mounts).filter(({ type }) => type !== "tmpfs");
    return [...mappings(volumes).map(({ containerPath }) => containerPath), ...mounted.map(({ target }) => target)]
        .filter((path) => path !== undefined)
        .map(String);
}
