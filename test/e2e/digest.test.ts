import { expect, test } from "vitest";
import { TIER_DEFAULTS } from "../../components/tier";
import { steady } from "../support/traffic";
import { ImageRegistry } from "./imageRegistry";
import { docker, type TestStack, withStack } from "./stack";

const engine = process.env.DOCKER_HOST ?? "unix:";

test("an image by its digest is what every tier runs, also when its registry is gone; another digest is refused", async ({
    skip,
}) => {
    skip(!engine.startsWith("unix:"), `the Docker Engine at ${engine} does not reach a registry of this test`);
    const registry = await ImageRegistry.start(TIER_DEFAULTS.image);
    try {
        await withStack((stack) => byDigest(stack, registry));
    } finally {
        await registry.stop();
        await docker.getImage(registry.imageId).remove({ force: true });
    }
});

async function byDigest(stack: TestStack, registry: ImageRegistry): Promise<void> {
    const image = registry.reference();
    const other = registry.reference(`sha256:${"0".repeat(64)}`);
    await expect(stack.up({ gateways: 1, image: other })).rejects.toThrow(
        `image is "${other}"; allowed: an image on this Docker Engine or in a registry that it reaches`,
    );
    expect(await stack.containers()).toEqual({});

    const outputs = await stack.up({ gateways: 1, image });
    const running = await Promise.all(
        Object.values(await stack.containers()).map(async (id) => (await docker.getContainer(id).inspect()).Image),
    );
    expect(running).toEqual(Array(3).fill(registry.imageId));
    expect(await steady(outputs, 20)).toMatchObject({ lost: 0, duplicated: 0, split: 0 });

    await registry.stop();
    await stack.up({ gateways: 2, image });
    await stack.expectNoChanges({ refresh: true });
}
