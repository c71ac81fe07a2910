import type { KubernetesObject } from "@kubernetes/client-node";
import type * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import topology from "../../index";
import { FakeCluster, type FakeClusterArgs } from "./fakeCluster";
import { type Recorded, RecordingEngine } from "./mocks";
import { known } from "./outputs";
import { configure, declaredKeys, projectFolder, projectName } from "./stackSettings";

export type Keys = Record<string, unknown>;

/** What Pulumi.k8s.yaml sets, as a program reads it. */
export const shippedKeys: Keys = Object.fromEntries(
    Object.entries(
        (parse(readFileSync(join(projectFolder, "Pulumi.k8s.yaml"), "utf8")) as { config: Keys }).config,
    ).map(([path, value]) => {
        const key = path.replace(`${projectName}:`, "");
        // The engine reads a text as a number or as true, and as no list.
        const isScalar = ["integer", "boolean"].includes(declaredKeys[key]?.type ?? "");
        return [key, isScalar ? JSON.parse(String(value)) : value];
    }),
);

export interface KubernetesRun {
    engine: RecordingEngine;
    cluster: FakeCluster;
    outputs: pulumi.Unwrap<Awaited<ReturnType<typeof topology>>>;
    /** The one object of a kind and a name. */
    object: <T extends KubernetesObject>(kind: string, name: string) => T;
}

/** Runs the real program against an engine and a cluster that only remember. */
export async function runOnKubernetes(
    keys: Keys = {},
    { preview = true, ...there }: FakeClusterArgs & { preview?: boolean } = {},
): Promise<KubernetesRun> {
    const engine = await RecordingEngine.start(preview);
    const gateways = keys.scaledBy === "platform" ? 5 : undefined;
    const cluster = FakeCluster.start({ gateways, ...there });
    try {
        configure({ ...shippedKeys, ...keys });
        const outputs = await known(await engine.run(topology));
        return { engine, cluster, outputs, object: (kind, name) => objectOf(engine, kind, name) };
    } finally {
        cluster.stop();
    }
}

const isObject = ({ type }: Recorded) => type.startsWith("kubernetes:");

/** All that a program would have created on the cluster. */
export const objectsOf = (engine: RecordingEngine): Recorded[] => engine.resources.filter(isObject);

function objectOf<T extends KubernetesObject>(engine: RecordingEngine, kind: string, name: string): T {
    const found = objectsOf(engine).filter((one) => one.inputs.kind === kind && one.name === name);
    if (found.length !== 1 || !found[0]) throw new Error(`there are ${found.length} objects ${kind} ${name}`);
    return found[0].inputs as T;
}
