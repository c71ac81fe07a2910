import * as docker from "@pulumi/docker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidInput } from "../../components";
import { FileVolume } from "../../components/platform/docker/FileVolume";
import type { Files } from "../../components/platform/files";
import { container, filesOf, volume } from "../support/dockerResources";
import { RecordingEngine } from "../support/mocks";
import { known } from "../support/outputs";
import { runs } from "../support/runs";

const configuration = (over: Partial<Files["configuration"]> = {}): NonNullable<Files["configuration"]> => ({
    name: "config.yaml",
    option: "--config",
    text: "receivers: {}",
    isSecret: false,
    ...over,
});

describe.each(runs)("a FileVolume in $run", ({ preview }) => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(preview);
    });

    const declare = (files: Omit<Files, "folder">) =>
        engine.run(() => {
            const provider = new docker.Provider("docker");
            const args = { files: { folder: "/files", ...files }, image: "sha256:any", prefix: "test", provider };
            return new FileVolume("a-files", args);
        });
    const inputsOf = (type: string) => engine.byName(type, "a-files").inputs;

    it("is a volume, and a container that carries the files into it and is never started", async () => {
        await declare({ configuration: configuration() });
        const labels = [{ label: "otel-collector-tiers.test", value: "" }];
        expect(inputsOf(volume)).toEqual({ name: "test-a-files", labels });
        expect(inputsOf(container)).toEqual({
            name: "test-a-files",
            labels,
            image: "sha256:any",
            start: false,
            mustRun: false,
            networkMode: "none",
            volumes: [{ volumeName: "test-a-files", containerPath: "/files" }],
            uploads: [{ file: filesOf(engine, "a").configPath, content: "receivers: {}" }],
        });
    });

    it("gives way to its successor, which has its name", async () => {
        await declare({ configuration: configuration() });
        expect(engine.byName(container, "a-files").deleteBeforeReplace).toBe(true);
    });

    it("is mounted where replicas cannot write to it, and leads them to their configuration", async () => {
        const files = await declare({ configuration: configuration() });
        const mount = { volumeName: "test-a-files", containerPath: "/files", readOnly: true };
        expect(await known(files.mount)).toEqual(mount);
        expect(await known(files.args)).toEqual([`--config=${filesOf(engine, "a").configPath}`]);
    });

    it("keeps the text of a configuration readable, unless it is a secret, and its path too", async () => {
        await declare({ configuration: configuration() });
        expect(filesOf(engine, "a").secrets).toEqual([]);
    });

    it("marks what is read again as a secret, each file by itself", async () => {
        await declare({ configuration: configuration(), reread: { "tls.crt": "CERTIFICATE", "tls.key": "KEY" } });
        const { uploads, secrets } = filesOf(engine, "a");
        expect(uploads.slice(1)).toEqual([
            { file: "/files/tls.crt", content: "CERTIFICATE" },
            { file: "/files/tls.key", content: "KEY" },
        ]);
        expect(secrets).toEqual(["uploads.1.content", "uploads.2.content"]);
    });

    it("has no argument for a replica without a configuration", async () => {
        const files = await declare({ reread: { "ca.crt": "AUTHORITY" } });
        expect(await known(files.args)).toEqual([]);
        expect(filesOf(engine, "a").uploads).toEqual([{ file: "/files/ca.crt", content: "AUTHORITY" }]);
    });

    const declaredWith = async (files: Omit<Files, "folder">) => {
        engine = await RecordingEngine.start(preview);
        const { args } = await declare(files);
        return { args: await known(args), volume: inputsOf(volume) };
    };

    it("has another path for another configuration in the same volume: what still runs keeps its own", async () => {
        const before = await declaredWith({ configuration: configuration() });
        const again = await declaredWith({ configuration: configuration() });
        const after = await declaredWith({ configuration: configuration({ text: "receivers: { otlp: {} }" }) });
        expect(again).toEqual(before);
        expect(after.args).not.toEqual(before.args);
        expect(after.volume).toEqual(before.volume);
        expect([...before.args, ...after.args]).toEqual(Array(2).fill(expect.stringMatching(versioned) as string));
    });

    it("has the same path whatever is read again: what runs is left alone", async () => {
        const before = await declaredWith({ configuration: configuration(), reread: { "tls.crt": "OLD" } });
        const after = await declaredWith({ configuration: configuration(), reread: { "tls.crt": "NEW" } });
        expect(after).toEqual(before);
    });
});

const versioned = /^--config=\/files\/[0-9a-f]{12}-config\.yaml$/;

describe("a FileVolume that is refused", () => {
    let engine: RecordingEngine;
    beforeEach(async () => {
        engine = await RecordingEngine.start(true);
    });
    afterEach(() => engine.settled());

    it("with a key of a Secret, which Docker does not have", () => {
        const files = { folder: "/files", reread: { "tls.key": { secret: "some", key: "tls.key" } } };
        const provider = new docker.Provider("docker");
        expect(() => new FileVolume("a-files", { files, image: "any", prefix: "test", provider })).toThrow(
            new InvalidInput('the content of tls.key is "a key of a Secret"; allowed: a text, on the platform docker'),
        );
    });
});
