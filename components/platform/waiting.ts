import * as pulumi from "@pulumi/pulumi";

/** Starts to wait once an output is known; rejects with what the wait, or whatever the output comes from, fails with. */
export function waitAfter<T>(output: pulumi.Output<T>, wait: (value: T) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
        pulumi.recover(
            output.apply((value) => wait(value).then(resolve)),
            reject,
        );
    });
}
