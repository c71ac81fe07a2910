import { ringSizes } from "../../verify/ring";
import { eventually } from "./eventually";

/** Waits until every lb has a number of gateways in its ring. */
export const ringOf = (
    metrics: string[],
    size: number,
    sizesOf: (metrics: string[]) => Promise<unknown[]> = ringSizes,
) =>
    eventually(`${size} backends in every ring`, async () => {
        const sizes = await sizesOf(metrics);
        return { done: sizes.every((one) => one === size), saw: sizes };
    });
