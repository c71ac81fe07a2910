import { join } from "node:path";
import { type Config, configsFolder, mergeConfig, readConfig } from "../../components/collector/config";

const read = (file: string) => readConfig(join(configsFolder, file));

/** The three configurations that ship, as they stand. */
export const shipped = {
    loadBalancer: () => read("load-balancer.yaml"),
    gateway: () => read("gateway.yaml"),
    externalGateway: () => read("external-gateway.yaml"),
};

/** A configuration with one value, by its dotted path, and nothing else in it. */
export function only(path: string, value: unknown): Config {
    return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Config;
}

/** A configuration with one value changed; null removes it. */
export const changed = (config: Config, path: string, value: unknown): Config => mergeConfig(config, only(path, value));

/** An override that the collector takes, and cannot start with: two of its parts listen on one port. */
export const portTaken = only("extensions.health_check.endpoint", "0.0.0.0:4317");
