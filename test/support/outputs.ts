import * as pulumi from "@pulumi/pulumi";

/** What outputs are once they are known, however deep they stand; a promise that stays open where one is not. */
export function known<T>(value: T): Promise<pulumi.Unwrap<T>> {
    return new Promise((resolve) => {
        pulumi.output(value).apply(resolve);
    });
}
