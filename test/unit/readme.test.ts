import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const project = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(project, file), "utf8");

interface Declared {
    default: unknown;
    description: string;
}

const { config } = parse(read("Pulumi.yaml")) as { config: Record<string, Declared> };
const settings = Object.entries(config).filter(([key]) => !key.includes(":"));
const settingNames = settings.map(([key]) => key);

const rowOf = (key: string, { default: value, description }: Declared) => {
    const shown = typeof value === "string" ? value || '""' : JSON.stringify(value);
    return `| \`${key}\` | \`${shown}\` | ${description.replaceAll("|", "\\|")} |`;
};

/** The rows of each table of a section, without the spaces that align them. */
function tablesIn(document: string, heading: string): string[][] {
    const text = document.split(heading)[1]?.split("\n## ")[0] ?? "";
    const tables = text.split("\n\n").map((part) => part.split("\n").filter((line) => line.startsWith("| `")));
    return tables.filter((rows) => rows.length > 0).map((rows) => rows.map((row) => row.replace(/ +/g, " ")));
}

const camelCase = "[a-z]+(?:[A-Z][a-z]*)+";

const namesIn = (text: string) => text.match(new RegExp(`\\b${camelCase}\\b`, "g")) ?? [];

/** The TypeScript in a document. */
const examplesIn = (document: string) => [...document.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

/** Names in camel case that are no settings: parts of one, and fields of what is created. */
function otherNames(): string[] {
    const folder = "test/golden/kubernetes";
    const manifests = readdirSync(join(project, folder)).map((file) => read(join(folder, file)));
    return [...manifests, ...settings.map(([, { description }]) => description)].flatMap(namesIn);
}

const documents = ["README.md", "docs/kubernetes.md"];

/** As GitHub names the headings of a document. */
const anchorsIn = (document: string) =>
    [...document.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        title
            .toLowerCase()
            .replace(/[^\w\- ]/g, "")
            .replaceAll(" ", "-"),
    );

describe("README.md", () => {
    it("lists every setting with its default and its description, as Pulumi.yaml has them", () => {
        const firstOnKubernetes = /# Kubernetes only\n +(\w+):/.exec(read("Pulumi.yaml"))?.[1] ?? "";
        const everywhere = settingNames.indexOf(firstOnKubernetes);
        const rows = settings.map(([key, declared]) => rowOf(key, declared));
        expect(tablesIn(read("README.md"), "## Settings")).toEqual([rows.slice(0, everywhere), rows.slice(everywhere)]);
    });
});

describe.each(documents)("%s", (file) => {
    const document = read(file);

    it("names only npm scripts that there are", () => {
        const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
        const named = [...document.matchAll(/npm run (?:--silent )?(\w+)/g)].map(([, script = ""]) => script);
        expect(named.length).toBeGreaterThan(5);
        for (const script of named) expect(Object.keys(scripts)).toContain(script);
    });

    it("links only to files and headings that there are", () => {
        for (const [, path = "", anchor] of document.matchAll(/\]\((?!http)([^)#]*)(?:#([^)]+))?\)/g)) {
            const target = path ? join(dirname(file), path) : file;
            expect(existsSync(join(project, target)), target).toBe(true);
            if (anchor) expect(anchorsIn(read(target)), target).toContain(anchor);
        }
    });

    it("sets only settings that there are", () => {
        const keys = [...document.matchAll(/config set (?:--stack \S+ |--\w+ )*'?([a-z]\w*)/g)].map(([, key]) => key);
        expect(keys.length).toBeGreaterThan(2);
        for (const key of keys) expect(settingNames).toContain(key);
    });

    it("names only settings that there are, and fields of what is created", () => {
        const known = [...new Set([...settingNames, ...otherNames(), ...examplesIn(document).flatMap(namesIn)])];
        const inline = document.replace(/```[\s\S]*?```/g, "").match(/`[^`]+`/g) ?? [];
        const named = inline.flatMap((code) => new RegExp(`^\`(${camelCase})\\b`).exec(code)?.[1] ?? []);
        expect(named.length).toBeGreaterThan(2);
        for (const name of named) expect(known).toContain(name);
    });
});

it("README.md and docs/kubernetes.md have examples that compile", () => {
    const examples = documents.flatMap((file) => examplesIn(read(file)));
    expect(examples.length).toBeGreaterThan(0);
    const folder = mkdtempSync(join(project, "readme-example-"));
    try {
        examples.forEach((code, index) =>
            writeFileSync(join(folder, `example${index}.ts`), code.replaceAll('"./components', '"../components')),
        );
        const options = { extends: "../tsconfig.json", include: ["*.ts"] };
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
        const tsc = join(project, "node_modules/typescript/bin/tsc");
        expect(() => execFileSync(process.execPath, [tsc, "--project", folder], { encoding: "utf8" })).not.toThrow();
    } finally {
        rmSync(folder, { recursive: true });
    }
}, 60_000);
