import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configsFolder } from "../../components/collector/config";
import { collectorComplaints, whyNoCollector } from "../support/collector";
import { goldenFiles, renderedConfigs } from "../support/renderedConfigs";

const shipped = readdirSync(configsFolder).map((file) => join(configsFolder, file));
const golden = goldenFiles.map(({ file }) => join(__dirname, file));
const read = (file: string) => readFileSync(file, "utf8");
const shippedGateway = join(configsFolder, "gateway.yaml");

const withHeader = (value: string) =>
    renderedConfigs({ backends: [{ endpoint: "https://otlp.example.com", headers: { "x-header": value } }] })[
        "external-gateway"
    ] ?? "";

describe("the real collector", () => {
    let reason: string | undefined;
    beforeAll(async () => {
        reason = await whyNoCollector();
    });
    beforeEach((context) => context.skip(reason !== undefined, reason));

    it.each([...shipped, ...golden].map((file) => [basename(file), file]))("takes %s", async (_, file) => {
        expect(await collectorComplaints(read(file))).toBe("");
    });

    it("refuses a key that is misspelt", async () => {
        const misspelt = read(shippedGateway).replace("compression: snappy", "compresion: snappy");
        expect(await collectorComplaints(misspelt)).toContain("invalid keys: compresion");
    });

    it("refuses a component that the image does not have", async () => {
        const other = read(shippedGateway).replaceAll("memory_limiter", "memory_limitter");
        expect(await collectorComplaints(other)).toContain("memory_limitter");
    });

    it.each(["plain", "12345", "0777", "true", "null", "~", "a: b", "# no comment", "'quoted'", " spaces ", "yes"])(
        "takes the header %j as a text",
        async (value) => {
            expect(await collectorComplaints(withHeader(value))).toBe("");
        },
    );

    it.each(["2024-10-21", "1_000", "0b101"])(
        "takes the header %j as a text, although its own YAML would read another type",
        async (value) => {
            expect(await collectorComplaints(withHeader(value))).toBe("");
        },
    );
});
