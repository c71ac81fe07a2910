import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const project = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(project, file), "utf8");
const readme = read("README.md");

interface Declared {
    default: unknown;
    description: string;
}

const rowOf = (key: string, { default: value, description }: Declared) => {
    const shown = typeof value === "string" ? value || '""' : JSON.stringify(value);
    return `| \`${key}\` | \`${shown}\` | ${description.replaceAll("|", "\\|")} |`;
};

/** The rows of each table of a section, without the spaces that align them. */
function tablesIn(heading: string): string[][] {
    const text = readme.split(heading)[1]?.split("\n## ")[0] ?? "";
    const tables = text.split("\n\n").map((part) => part.split("\n").filter((line) => line.startsWith("| `")));
    return tables.filter((rows) => rows.length > 0).map((rows) => rows.map((row) => row.replace(/ +/g, " ")));
}

describe("README.md", () => {
    it("lists every setting with its default and its description, as Pulumi.yaml has them", () => {
        const { config } = parse(read("Pulumi.yaml")) as { config: Record<string, Declared> };
        const settings = Object.entries(config).filter(([key]) => !key.includes(":"));
        const firstOnKubernetes = /# Kubernetes only\n +(\w+):/.exec(read("Pulumi.yaml"))?.[1] ?? "";
        const everywhere = settings.findIndex(([key]) => key === firstOnKubernetes);
        const rows = settings.map(([key, declared]) => rowOf(key, declared));
        expect(tablesIn("## Settings")).toEqual([rows.slice(0, everywhere), rows.slice(everywhere)]);
    });

    it("names only npm scripts and files that there are", () => {
        const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
        const named = [...readme.matchAll(/npm run (\w+)/g)].map(([, script = ""]) => script);
        expect(named.length).toBeGreaterThan(5);
        for (const script of named) expect(Object.keys(scripts)).toContain(script);
        for (const [, file = ""] of readme.matchAll(/\]\((?!http)([^)#]+)\)/g)) {
            expect(() => execFileSync("test", ["-e", join(project, file)]), file).not.toThrow();
        }
    });

    it("has examples that compile", () => {
        const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
        expect(examples.length).toBeGreaterThan(0);
        const folder = mkdtempSync(join(project, "readme-example-"));
        try {
            examples.forEach((code, index) =>
                writeFileSync(join(folder, `example${index}.ts`), code.replaceAll('"./components', '"../components')),
            );
            const settings = { extends: "../tsconfig.json", include: ["*.ts"] };
            writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
            const tsc = join(project, "node_modules/typescript/bin/tsc");
            expect(() =>
                execFileSync(process.execPath, [tsc, "--project", folder], { encoding: "utf8" }),
            ).not.toThrow();
        } finally {
            rmSync(folder, { recursive: true });
        }
    }, 60_000);
});
