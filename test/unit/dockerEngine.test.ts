import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidInput } from "../../components/errors";
import { DockerEngine } from "../../components/platform/docker/engine";

describe("an engine at a TCP address", () => {
    let server: Server;
    let asked: string[];
    beforeEach(async () => {
        vi.stubEnv("DOCKER_HOST", "");
        asked = [];
        server = createServer(({ url = "" }, response) => {
            asked.push(url);
            response.end("OK");
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    });
    afterEach(async () => {
        vi.unstubAllEnvs();
        await new Promise((closed) => server.close(closed));
    });

    it("is the one that is asked", async () => {
        const { port } = server.address() as AddressInfo;
        const engine = new DockerEngine(`tcp://127.0.0.1:${port}`);
        await engine.requireRunning().catch(() => undefined);
        expect(asked).toHaveLength(1);
        expect(engine.isLocal).toBe(false);
    });

    it("is asked for an image by the reference as it is, also with a digest", async () => {
        const { port } = server.address() as AddressInfo;
        const image = `registry.example:5000/some/image:1@sha256:${"a".repeat(64)}`;
        await new DockerEngine(`tcp://127.0.0.1:${port}`).requireImage(image);
        expect(asked.map(decodeURIComponent)).toEqual([`/images/${image}/json`]);
    });
});

it("an engine that is not there is told with its address and what to do", async () => {
    const engine = new DockerEngine("unix:///nowhere/docker.sock");
    await expect(engine.requireRunning()).rejects.toThrow(InvalidInput);
    await expect(engine.requireRunning()).rejects.toThrow(
        /^Docker does not answer at unix:\/\/\/nowhere\/docker\.sock \(.*\): start Docker, or set DOCKER_HOST/,
    );
});
