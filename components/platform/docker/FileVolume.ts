import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { invalid } from "../../errors";
import { type Files, isSecretKey } from "../files";
import { labels } from "./DockerEnvironment";

export interface FileVolumeArgs {
    files: Files;
    /** The id of any image that is on the engine: nothing of it is ever started. */
    image: pulumi.Input<string>;
    /** What the names of all that is created begin with. */
    prefix: string;
    provider: docker.Provider;
}

/**
 * The files of a workload in a volume that its replicas cannot write to. Docker copies no file into a container with a
 * read-only root, so a second container, which is never started, carries them in.
 */
export class FileVolume extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:FileVolume";

    /** The mount of the volume in a replica. */
    readonly mount: docker.types.input.ContainerVolume;
    /** The arguments that lead a replica to its configuration. */
    readonly args: pulumi.Output<string>[];

    constructor(
        name: string,
        { files, image, prefix, provider }: FileVolumeArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super(FileVolume.token, name, {}, opts);
        const { folder, configuration, reread = {} } = files;
        const options = { parent: this, provider };
        const physical = { name: `${prefix}-${name}`, labels: labels(prefix) };
        const volume = new docker.Volume(name, physical, options);
        const configPath = configuration && versionedPath(folder, configuration);
        new docker.Container(
            name,
            {
                ...physical,
                image,
                start: false,
                mustRun: false,
                networkMode: "none",
                volumes: [{ volumeName: volume.name, containerPath: folder }],
                uploads: [
                    ...(configuration && configPath ? [{ file: configPath, content: configuration.text }] : []),
                    ...Object.entries(reread).map(([file, content]) => ({
                        file: `${folder}/${file}`,
                        content: pulumi.secret(textOf(file, content)),
                    })),
                ],
            },
            { ...options, deleteBeforeReplace: true },
        );
        this.mount = { volumeName: volume.name, containerPath: folder, readOnly: true };
        this.args = configuration && configPath ? [pulumi.interpolate`${configuration.option}=${configPath}`] : [];
        this.registerOutputs({});
    }
}

/** Replicas that are still to be rolled go on with the text that they were started with, also when they restart. */
function versionedPath(folder: string, { name, text }: NonNullable<Files["configuration"]>): pulumi.Output<string> {
    const hash = pulumi.output(text).apply((known) => createHash("sha256").update(known).digest("hex").slice(0, 12));
    return pulumi.unsecret(hash).apply((version) => `${folder}/${version}-${name}`);
}

function textOf(file: string, content: NonNullable<Files["reread"]>[string]): pulumi.Input<string> {
    if (!isSecretKey(content)) return content;
    throw invalid(`the content of ${file}`, "a key of a Secret", "a text, on the platform docker");
}
