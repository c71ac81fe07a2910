import { posix } from "node:path";
import { type Config, list } from "../components/collector/config";
import { isOn } from "../components/collector/volume";
import { type Collector, collectorConfig, decoded, mappings, type Resource, tierLabel, tierNamed } from "./collector";

/** The configurations that are uploaded into containers, or into a volume that other containers mount. */
export function dockerCollectors(resources: Resource[]): Collector[] {
    const containers = resources.filter(({ type }) => type.startsWith("docker:"));
    return containers.flatMap((container) =>
        mappings(container.props.uploads).flatMap((upload) => collectorIn(container, upload, containers)),
    );
}

function collectorIn({ urn, props }: Resource, upload: Config, containers: Resource[]): Collector[] {
    const { file, content, contentBase64 } = upload;
    const config = collectorConfig(content || decoded(contentBase64 ?? ""));
    if (!config) return [];
    const readers = readersOf(props, String(file), containers);
    const volumes = readers.flatMap(durableFolders).map((path) => ({ path }));
    const tier = [props, ...readers].map(labelOf).map(tierNamed).find(Boolean);
    const name = `container ${String(props.name)}, ${String(file)}`;
    const hosts = [...new Set(readers.flatMap(hostsOf))];
    return [{ urn, name, config, hosts, tier, volumes, isReachable: readers.some(isPublished) }];
}

/** Whoever mounts the volume that a file is uploaded to; where nobody else does, the container itself. */
function readersOf(container: Config, file: string, containers: Resource[]): Config[] {
    const folder = posix.dirname(file);
    const names = mountsOf(container)
        .filter(({ path }) => isOn({ path }, folder))
        .map(({ volume }) => volume);
    const others = containers
        .map(({ props }) => props)
        .filter((one) => one !== container && mountsOf(one).some(({ volume }) => volume && names.includes(volume)));
    return others.length > 0 ? others : [container];
}

interface Mount {
    path: string;
    /** The volume's name; absent for a folder of the machine. */
    volume: unknown;
    isDurable: boolean;
}

/** A tmpfs dies with its container, and nothing is kept where nothing can be written. */
function mountsOf({ volumes, mounts }: Config): Mount[] {
    const [ofVolumes, ofMounts] = [mappings(volumes), mappings(mounts)];
    return [
        ...ofVolumes.map(({ containerPath, volumeName, readOnly }) => {
            return { path: String(containerPath), volume: volumeName, isDurable: readOnly !== true };
        }),
        ...ofMounts.map(({ target, type, source, readOnly }) => ({
            path: String(target),
            volume: type === "volume" ? source : undefined,
            isDurable: type !== "tmpfs" && readOnly !== true,
        })),
    ];
}

const durableFolders = (container: Config) =>
    mountsOf(container)
        .filter(({ isDurable }) => isDurable)
        .map(({ path }) => path);

/** On an address that others reach too; without one, a port is published on all. */
const isPublished = ({ ports, networkMode }: Config) =>
    networkMode === "host" || mappings(ports).some(({ ip }) => !(typeof ip === "string" && ip.startsWith("127.")));

function hostsOf({ name, hostname, networksAdvanced }: Config): string[] {
    const aliases = mappings(networksAdvanced).flatMap((network) => list(network, "aliases"));
    return [name, hostname, ...aliases].filter((host) => typeof host === "string" && host !== "").map(String);
}

const labelOf = ({ labels }: Config) => mappings(labels).find(({ label }) => label === tierLabel)?.value;
