import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { oneLine } from "../lastWords";

/** What may well pass by itself, in the words of registries and webhooks. */
export const passing =
    /time(d )?-?out|refused|reset by peer|unavailable|too many requests|\b(EOF|429|5\d\d)\b|temporary/i;
/** How long that has to last to be no blip. */
export const passingMs = 30_000;

/**
 * Why a container does not get its image, what to do, and how long that has to last; undefined where it gets it.
 * @param warning the newest about its pod
 */
export function whyNoImage(
    { spec }: V1Pod,
    { name, image, state }: V1ContainerStatus,
    warning: string,
): { afterMs: number; told: string } | undefined {
    const { reason = "", message = "" } = state?.waiting ?? {};
    if (!reasons.includes(reason)) return undefined;
    const detail = registryReason(message) || registryReason(warning);
    const passes = reason === "ErrImagePull" || passing.test(detail);
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    const wanted = containers.find((container) => container.name === name)?.image ?? image;
    const why = detail ? ` (${oneLine(detail)})` : "";
    return {
        afterMs: passes ? passingMs : 0,
        told: `cannot get its image ${wanted}${why}: set image to one that this cluster can pull; a private registry needs imagePullSecrets`,
    };
}

const reasons = ["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"];

/** What is left of a message when everybody who only passed it on is left out. */
function registryReason(message: string): string {
    return message
        .replace(/^(Back-off pulling image "[^"]*"|Failed to pull image "[^"]*")(: )?/, "")
        .replace(
            /^(ErrImagePull: |rpc error: code = \w+ desc = |failed to [^":]*"[^"]*": |failed to do request: )+/,
            "",
        );
}
