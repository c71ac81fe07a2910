import { describe, expect, it } from "vitest";
import { at } from "../../components/collector/config";
import { gatewayConfig } from "../../components/collector/gateway";
import { changed, shipped } from "../support/configs";

describe("a gateway's configuration", () => {
    it("gets the external gateway's address, and nothing else changes", () => {
        const config = gatewayConfig(shipped.gateway(), "elsewhere:14317");
        expect(at(config, "exporters", "otlp_grpc/external", "endpoint")).toBe("elsewhere:14317");
        expect(changed(config, "exporters.otlp_grpc/external.endpoint", "external-gateway:4317")).toEqual(
            shipped.gateway(),
        );
    });

    it("needs the exporter that the address is for", () => {
        const config = { exporters: { debug: {}, "otlp_grpc/other": {} } };
        expect(() => gatewayConfig(config, "external-gateway:4317")).toThrow(
            'exporters is ["debug","otlp_grpc/other"]; allowed: an exporter named otlp_grpc/external',
        );
    });
});
