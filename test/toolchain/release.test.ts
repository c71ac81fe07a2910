import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "../../toolchain/problem.mjs";
import { download, reachable } from "../../toolchain/release.mjs";

const sum = (content: Buffer) => createHash("sha256").update(content).digest("hex");

const content = Buffer.from([0, 1, 2, 253, 254, 255]);
const wrongSum = "0".repeat(64);
const files: Record<string, Buffer | string> = {
    "/v1/tool.tar.gz": content,
    "/v1/other.tar.gz": "something else",
    "/v1/sums.txt": [
        `${sum(Buffer.from("x"))}  tool.tar.gz.sig`,
        `${sum(content)}  tool.tar.gz`,
        `${wrongSum}  other.tar.gz`,
        `${wrongSum}  absent.tar.gz`,
        "",
    ].join("\n"),
};

let server: Server;
let base: string;
beforeAll(async () => {
    server = createServer(({ url = "" }, response) => {
        const file = files[url];
        response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

async function unreachableBase(): Promise<string> {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, "127.0.0.1", listening));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    return `http://127.0.0.1:${port}`;
}

describe("a file of a release", () => {
    it("with the sum that its release says is had, byte for byte", async () => {
        expect(await download(base, "tool.tar.gz", "sums.txt")).toEqual(content);
    });

    it("with another sum is an error that names both", async () => {
        const got = sum(Buffer.from("something else"));
        const attempt = download(base, "other.tar.gz", "sums.txt");
        await expect(attempt).rejects.toThrow(Problem);
        await expect(attempt).rejects.toThrow(
            `${base}/other.tar.gz has the SHA-256 sum ${got}, its release says ${wrongSum}`,
        );
    });

    it("that the list does not have is an error: nothing is taken without a sum", async () => {
        const attempt = download(base, "unlisted.tar.gz", "sums.txt");
        await expect(attempt).rejects.toThrow(Problem);
        await expect(attempt).rejects.toThrow(`${base}/sums.txt has no checksum for unlisted.tar.gz`);
    });

    it("that is missing is not had", async () => {
        expect(await download(base, "absent.tar.gz", "sums.txt")).toBeUndefined();
    });

    it("of a release without a list of sums is not had", async () => {
        expect(await download(base, "tool.tar.gz", "absent.txt")).toBeUndefined();
    });

    it("of a host that can not be reached is not had", async () => {
        expect(await download(await unreachableBase(), "tool.tar.gz", "sums.txt")).toBeUndefined();
    });
});

describe("an address", () => {
    it("is reachable when it answers with a file", async () => {
        expect(await reachable(`${base}/tool.tar.gz`)).toBe(true);
    });

    it("is not when it has no such file, or nobody answers", async () => {
        expect(await reachable(`${base}/absent`)).toBe(false);
        expect(await reachable(await unreachableBase())).toBe(false);
    });
});
