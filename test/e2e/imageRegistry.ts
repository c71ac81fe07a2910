import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";
const digestOf = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

interface Image {
    config: Buffer;
    layers: Buffer[];
}

/** A registry of one image on this machine, which Docker pulls from without TLS because it is on the loopback. */
export class ImageRegistry {
    private constructor(
        private readonly server: Server,
        /** What a pull by the digest must bring. */
        readonly imageId: string,
        readonly digest: string,
        private readonly repository: string,
    ) {}

    /** @param source an image that Docker has; it is served with a label more, so that nobody has it yet */
    static async start(source: string): Promise<ImageRegistry> {
        const { config, layers } = labelled(saved(source));
        const described = (mediaType: string, blob: Buffer) => ({
            mediaType: `application/vnd.docker.${mediaType}`,
            size: blob.length,
            digest: digestOf(blob),
        });
        const manifest = Buffer.from(
            JSON.stringify({
                schemaVersion: 2,
                mediaType: manifestType,
                config: described("container.image.v1+json", config),
                layers: layers.map((layer) => described("image.rootfs.diff.tar.gzip", layer)),
            }),
        );
        const blobs = new Map([manifest, config, ...layers].map((blob) => [digestOf(blob), blob]));
        blobs.set("1", manifest);
        const server = createServer(({ method, url = "" }, response) => {
            if (url === "/v2/") return response.end("{}");
            const [, kind, name = ""] = /^\/v2\/collector\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
            const blob = blobs.get(name);
            if (!blob) return response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
            response.writeHead(200, {
                "Content-Type": kind === "manifests" ? manifestType : "application/octet-stream",
                "Content-Length": blob.length,
                "Docker-Content-Digest": digestOf(blob),
            });
            return response.end(method === "HEAD" ? undefined : blob);
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        const repository = `127.0.0.1:${(server.address() as AddressInfo).port}/collector:1`;
        return new ImageRegistry(server, digestOf(config), digestOf(manifest), repository);
    }

    /** name:tag@digest of what is served, or of something else. */
    reference(digest = this.digest): string {
        return `${this.repository}@${digest}`;
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((closed) => this.server.close(closed));
    }
}

function saved(source: string): Image {
    const folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-saved-"));
    try {
        const archive = join(folder, "image.tar");
        execFileSync("docker", ["save", "--output", archive, source]);
        execFileSync("tar", ["-xf", archive, "-C", folder]);
        const read = (file: string) => readFileSync(join(folder, file));
        const [image] = JSON.parse(read("manifest.json").toString()) as { Config: string; Layers: string[] }[];
        if (!image) throw new Error(`docker save wrote no image for ${source}`);
        return { config: read(image.Config), layers: image.Layers.map(read) };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function labelled({ config, layers }: Image): Image {
    const content = JSON.parse(config.toString()) as { config: { Labels?: Record<string, string> | null } };
    content.config.Labels = { ...content.config.Labels, "otel-collector-tiers.test": "digest" };
    return { config: Buffer.from(JSON.stringify(content)), layers };
}
