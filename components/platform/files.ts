import type * as pulumi from "@pulumi/pulumi";

/** The files of a replica, in one folder that it cannot write to. */
export interface Files {
    folder: string;
    /** Read at the start: another text replaces the replicas, one after another. */
    configuration?: Configuration;
    /** Secrets that are read again while it runs, by their file's name: another content leaves the replicas alone. */
    reread?: Record<string, FileContent>;
}

export interface Configuration {
    /** The file's name, as in "config.yaml". */
    name: string;
    text: pulumi.Input<string>;
    isSecret: boolean;
    /** The argument that it is given by, as in "--config". */
    option: string;
}

/** What a file holds: a text, or what an object of the platform has under a key, which then nobody else reads. */
export type FileContent = pulumi.Input<string> | SecretKey;

/** A key of a Secret that exists on the platform. */
export interface SecretKey {
    secret: pulumi.Input<string>;
    key: string;
}

export function isSecretKey(content: FileContent): content is SecretKey {
    return typeof content === "object" && content !== null && "secret" in content && "key" in content;
}
