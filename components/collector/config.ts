import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument, stringify } from "yaml";
import { InvalidInput } from "../errors";

/** A collector configuration or a part of one, as YAML would give it. */
export type Config = { [key: string]: unknown };

/** The folder of the three configurations that ship with this project. */
export const configsFolder = join(__dirname, "../../configs");

/**
 * Reads a collector configuration.
 * @throws InvalidInput with file, line and column where it is not YAML or not a mapping
 */
export function readConfig(path: string): Config {
    const lines = new LineCounter();
    const document = parseDocument(read(path), { merge: true, lineCounter: lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) {
        const { line, col } = lines.linePos(error.pos[0]);
        throw new InvalidInput(`${path}:${line}:${col}: ${error.message}; allowed: one YAML mapping`);
    }
    const config: unknown = document.toJS();
    if (!isConfig(config))
        throw new InvalidInput(`${path}:1:1: this is not a collector configuration; allowed: one YAML mapping`);
    return config;
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new InvalidInput(`the collector configuration ${path} cannot be read: ${(error as Error).message}`);
    }
}

/** The ids of all pipelines. */
export const pipelineIds = (config: Config) => Object.keys(section(config, "service", "pipelines"));

export function isConfig(value: unknown): value is Config {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays one configuration over another: mappings merge key by key, anything else replaces, null removes. */
export function mergeConfig(base: Config, over: Config): Config {
    const merged: Config = { ...base };
    for (const [key, value] of Object.entries(over)) {
        const below = merged[key];
        if (value === null) delete merged[key];
        else if (isConfig(value)) merged[key] = mergeConfig(isConfig(below) ? below : {}, value);
        else merged[key] = value;
    }
    return merged;
}

/** The same configuration always gives the same text, whatever order its keys came in. */
export function printConfig(config: Config): string {
    // The collector reads by the rules of YAML 1.1, where 2024-10-21 and 1_000 are no texts.
    return stringify(config, { version: "1.1", sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 });
}

/** A text that means itself: the collector would take a dollar sign for the start of a variable. */
export const literal = (text: string) => text.replaceAll("$", "$$$$");

/** What stands at a path of keys; undefined where there is nothing. */
export function at(config: Config, ...path: string[]): unknown {
    return path.reduce<unknown>((value, key) => (isConfig(value) ? value[key] : undefined), config);
}

/** The mapping at a path of keys; empty where there is none. */
export function section(config: Config, ...path: string[]): Config {
    const value = at(config, ...path);
    return isConfig(value) ? value : {};
}

/** The list of texts at a path of keys; empty where there is none. */
export function list(config: Config, ...path: string[]): string[] {
    const value = at(config, ...path);
    return Array.isArray(value) ? value.map(String) : [];
}

/** The type of a component from its id: "otlp_grpc" of "otlp_grpc/backend". */
export function typeOf(id: string): string {
    return id.split("/")[0] ?? id;
}
