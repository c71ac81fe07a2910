import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Settings, settingsOf } from "../../components/settings";
import { checkKeys } from "../../components/settingsSchema";

export const projectFolder = join(__dirname, "../..");

interface DeclaredKey {
    type: string;
    default?: unknown;
}

interface ProjectFile {
    name: string;
    config: Record<string, DeclaredKey>;
}

const projectFile = parse(readFileSync(join(projectFolder, "Pulumi.yaml"), "utf8")) as ProjectFile;

export const projectName = projectFile.name;

/** The keys that Pulumi.yaml declares for this project, without those of Pulumi itself. */
export const declaredKeys = Object.fromEntries(
    Object.entries(projectFile.config).filter(([key]) => !key.startsWith("pulumi:")),
);

/** What a stack without any setting of its own has. */
export const defaultKeys: Record<string, unknown> = Object.fromEntries(
    Object.entries(declaredKeys).map(([key, { default: value }]) => [key, value]),
);

/** As the engine hands a stack's configuration to a program: texts as they are, everything else as JSON. */
export function configure(keys: Record<string, unknown>): void {
    const texts = Object.entries({ ...defaultKeys, ...keys }).map(([key, value]) => [
        `${projectName}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
}

/** The arguments of the components for a stack that sets some keys. */
export const settingsWith = (keys: Record<string, unknown> = {}): Settings =>
    settingsOf(checkKeys({ ...defaultKeys, ...keys }));
