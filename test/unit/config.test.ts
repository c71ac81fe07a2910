import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
    at,
    type Config,
    isConfig,
    list,
    mergeConfig,
    printConfig,
    readConfig,
    section,
    typeOf,
} from "../../components/collector/config";
import { InvalidInput } from "../../components/errors";
import { shipped } from "../support/configs";

let folder: string;
beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "collector-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
    const path = join(folder, "collector.yaml");
    writeFileSync(path, text);
    return path;
}

describe("a file that is no collector configuration is refused with its place", () => {
    it("malformed YAML: file, line and column", () => {
        const path = file("receivers:\n  otlp:\n   grpc: [1, 2\nservice: {}\n");
        expect(() => readConfig(path)).toThrow(InvalidInput);
        expect(() => readConfig(path)).toThrow(`${path}:4:1: `);
    });

    it("a key that stands there twice: the place of the second", () => {
        const path = file("receivers: {}\nexporters: {}\nreceivers: {}\n");
        expect(() => readConfig(path)).toThrow(`${path}:3:1: Map keys must be unique`);
    });

    it.each([
        ["a list", "- receivers\n"],
        ["a text", "receivers\n"],
        ["nothing", ""],
    ])("%s instead of a mapping", (_, text) => {
        const path = file(text);
        expect(() => readConfig(path)).toThrow(InvalidInput);
        expect(() => readConfig(path)).toThrow(
            `${path}:1:1: this is not a collector configuration; allowed: one YAML mapping`,
        );
    });

    it("a missing file: its path and why", () => {
        const path = join(folder, "absent.yaml");
        expect(() => readConfig(path)).toThrow(InvalidInput);
        expect(() => readConfig(path)).toThrow(`the collector configuration ${path} cannot be read: ENOENT`);
    });
});

describe("reading", () => {
    it("resolves `<<`, where the keys beside it win", () => {
        const path = file("a: &a {x: 1, y: {z: 2}}\nb:\n  <<: *a\n  x: 3\n");
        expect(readConfig(path)).toEqual({ a: { x: 1, y: { z: 2 } }, b: { x: 3, y: { z: 2 } } });
    });

    it("keeps the collector's own variables as they are", () => {
        const path = file("value: ${env:REPLICA_NAME:-gateway}\n");
        expect(readConfig(path)).toEqual({ value: "${env:REPLICA_NAME:-gateway}" });
    });
});

describe("laying one configuration over another", () => {
    const base = { keep: 1, map: { a: 1, b: { c: 2 } }, list: [1, 2, 3] };

    it.each<[string, Config, Config]>([
        ["mappings merge", { map: { b: { d: 3 } } }, { ...base, map: { a: 1, b: { c: 2, d: 3 } } }],
        ["lists are replaced", { list: [9] }, { ...base, list: [9] }],
        ["null removes", { map: { a: null } }, { ...base, map: { b: { c: 2 } } }],
        ["null for what is not there changes nothing", { other: null }, base],
        ["a mapping replaces a value", { keep: { x: 1 } }, { ...base, keep: { x: 1 } }],
        ["a value replaces a mapping", { map: "none" }, { ...base, map: "none" }],
        ["null inside a new mapping is left out", { extra: { a: null, b: 1 } }, { ...base, extra: { b: 1 } }],
        ["an empty mapping removes nothing", { map: {} }, base],
    ])("%s", (_, over, expected) => {
        expect(mergeConfig(base, over)).toEqual(expected);
    });

    it("leaves both as they were", () => {
        const over = { map: { b: { d: 3 } }, list: null };
        const before = structuredClone({ base, over });
        mergeConfig(base, over);
        expect({ base, over }).toEqual(before);
    });
});

const keys = fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== "__proto__");
const { value: values } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    value: fc.oneof(
        { maxDepth: 4 },
        tie("leaf"),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
}));
const configs = fc.dictionary(keys, values, { maxKeys: 5, noNullPrototype: true });

function reversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversed);
    if (!isConfig(value)) return value;
    return Object.fromEntries(
        Object.entries(value)
            .reverse()
            .map(([key, inner]) => [key, reversed(inner)]),
    );
}

describe("printing", () => {
    it("gives the same text whatever the order of the keys", () => {
        fc.assert(
            fc.property(configs, (config) => {
                expect(printConfig(reversed(config) as Config)).toBe(printConfig(config));
            }),
        );
    });

    it("gives a text that reads back as the same configuration", () => {
        fc.assert(
            fc.property(configs, (config) => {
                expect(parse(printConfig(config))).toEqual(config);
            }),
        );
    });

    it("writes shared parts out, without anchors", () => {
        const shared = { enabled: true };
        expect(printConfig({ b: shared, a: shared })).toBe("a:\n  enabled: true\nb:\n  enabled: true\n");
    });

    it("keeps the order of lists, which pipelines depend on", () => {
        expect(printConfig({ processors: ["memory_limiter", "attributes"] })).toBe(
            "processors:\n  - memory_limiter\n  - attributes\n",
        );
    });

    it("does not break long lines", () => {
        const long = "word ".repeat(60).trim();
        expect(printConfig({ long })).toBe(`long: ${long}\n`);
    });

    it.each(Object.entries(shipped))("the shipped configuration of the %s reads back as itself", (_, read) => {
        expect(parse(printConfig(read()))).toEqual(read());
    });
});

describe("looking into a configuration", () => {
    const config = { service: { pipelines: { traces: { exporters: ["otlp_grpc/a", 2] } } }, text: "x" };

    it("finds what stands at a path, and nothing where there is nothing", () => {
        expect(at(config, "service", "pipelines", "traces", "exporters")).toEqual(["otlp_grpc/a", 2]);
        expect(at(config, "service", "extensions", "0")).toBeUndefined();
        expect(at(config, "text", "length")).toBeUndefined();
    });

    it("gives an empty mapping or list for what is none", () => {
        expect(section(config, "text")).toEqual({});
        expect(section(config, "service", "pipelines", "traces", "exporters")).toEqual({});
        expect(list(config, "service")).toEqual([]);
        expect(list(config, "service", "pipelines", "traces", "exporters")).toEqual(["otlp_grpc/a", "2"]);
    });

    it.each([
        ["otlp_grpc/backend", "otlp_grpc"],
        ["otlp", "otlp"],
        ["file/a/b", "file"],
    ])("the type of %s is %s", (id, type) => {
        expect(typeOf(id)).toBe(type);
    });
});
