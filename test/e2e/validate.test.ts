import type Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { configsFolder, printConfig } from "../../components/collector/config";
import { DockerEngine } from "../../components/platform/docker/engine";
import { validate } from "../../components/platform/docker/validate";
import { TIER_DEFAULTS } from "../../components/tier";
import { docker } from "./stack";

const engine = new DockerEngine(process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
const shipped = ["external-gateway", "gateway", "load-balancer"].map((tier) => ({
    tier,
    image: TIER_DEFAULTS.image,
    text: readFileSync(join(configsFolder, `${tier}.yaml`), "utf8"),
}));

let prefix: string;
let cache: string;
beforeEach(() => {
    prefix = `validate-${randomBytes(4).toString("hex")}`;
    cache = mkdtempSync(join(tmpdir(), "otel-collector-tiers-cache-"));
    vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true });
    expect(await docker.listContainers({ all: true, filters: { name: [prefix] } })).toEqual([]);
});

/** What `docker inspect` shows of each container that is created meanwhile. */
async function inspected(act: () => Promise<void>): Promise<Docker.ContainerInspectInfo[]> {
    const label = `otel-collector-tiers.validates.${prefix}`;
    const filters = { type: ["container" as const], label: [label], event: ["create"] };
    const events = (await docker.getEvents({ filters })) as Readable;
    const seen: Promise<Docker.ContainerInspectInfo>[] = [];
    const lines = createInterface(events);
    lines.on("line", (line) => {
        seen.push(docker.getContainer((JSON.parse(line) as { id: string }).id).inspect());
    });
    try {
        await act();
        return await Promise.all(seen);
    } finally {
        lines.close();
        events.destroy();
    }
}

const tlsFrom = (folder: string) => ({
    ca_file: `${folder}/ca.pem`,
    cert_file: `${folder}/cert.pem`,
    key_file: `${folder}/key.pem`,
});

/** It names what is there only where it is going to run. */
const withFiles = printConfig({
    receivers: {
        otlp: { protocols: { grpc: { tls: { ...tlsFrom("/nowhere"), client_ca_file: "/nowhere/clients.pem" } } } },
    },
    exporters: { otlp_grpc: { endpoint: "${env:REPLICA_NAME}:4317", tls: tlsFrom("/nowhere") } },
    extensions: {
        "file_storage/queue": { directory: "/var/lib/otelcol" },
        bearertokenauth: { filename: "/nowhere/token" },
    },
    service: {
        extensions: ["file_storage/queue", "bearertokenauth"],
        pipelines: { traces: { receivers: ["otlp"], exporters: ["otlp_grpc"] } },
    },
});

describe("the collector's own validate", () => {
    test("takes what ships, in containers that may do nothing and do not show what they read", async () => {
        const containers = await inspected(() => validate(engine, prefix, shipped));
        expect(containers).toHaveLength(3);
        for (const { HostConfig } of containers) {
            expect(HostConfig).toMatchObject({ NetworkMode: "none", ReadonlyRootfs: true, CapDrop: ["ALL"] });
            expect(HostConfig).toMatchObject({ SecurityOpt: ["no-new-privileges"], LogConfig: { Type: "none" } });
        }
        expect(JSON.stringify(containers)).not.toContain("memory_limiter");
    });

    test("needs no container for what it has taken", async () => {
        await validate(engine, prefix, shipped);
        const changed = shipped.map((one) => (one.tier === "gateway" ? { ...one, text: `${one.text}\n# more` } : one));
        expect(await inspected(() => validate(engine, prefix, shipped))).toEqual([]);
        expect(await inspected(() => validate(engine, prefix, changed))).toHaveLength(1);
    });

    test("needs no file that the configuration names", async () => {
        await validate(engine, prefix, [{ tier: "gateway", image: TIER_DEFAULTS.image, text: withFiles }]);
    });

    test("refuses in its own words, with the key and where it stands", async () => {
        const text = withFiles.replace("endpoint:", "endpoit:");
        await expect(validate(engine, prefix, [{ tier: "gateway", image: TIER_DEFAULTS.image, text }])).rejects.toThrow(
            /^the collector does not take the configuration of gateway: .*'exporters' error reading configuration for "otlp_grpc": .* has invalid keys: endpoit$/,
        );
    });

    test("is asked of an image that has none in vain", async () => {
        const image = "otel-collector-tiers/telemetrygen:0.161.0";
        await expect(validate(engine, prefix, [{ tier: "gateway", image, text: withFiles }])).rejects.toThrow(
            /^the collector does not take the configuration of gateway: unknown command "validate"/,
        );
    });
});

test("a container that does not end in time is removed", async () => {
    const text = printConfig({
        receivers: { otlp: { protocols: { grpc: {} } } },
        exporters: { nop: {} },
        service: { pipelines: { traces: { receivers: ["otlp"], exporters: ["nop"] } } },
    });
    const options = { name: prefix, Image: TIER_DEFAULTS.image, Cmd: ["--config=file:/dev/stdin"] };
    await expect(engine.runOnce(options, text, 3_000)).rejects.toThrow(/abort/);
});

test("what a killed run left behind is removed once nobody can be using it", async () => {
    const Labels = { [`otel-collector-tiers.validates.${prefix}`]: "" };
    await docker.createContainer({ name: prefix, Image: TIER_DEFAULTS.image, Labels });
    const names = async () => (await docker.listContainers({ all: true, filters: { name: [prefix] } })).length;
    await engine.removeStrays(`otel-collector-tiers.validates.${prefix}`, 120_000);
    expect(await names()).toBe(1);
    await engine.removeStrays(`otel-collector-tiers.validates.${prefix}`, -2_000);
    expect(await names()).toBe(0);
});
