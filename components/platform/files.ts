import type * as pulumi from "@pulumi/pulumi";

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
