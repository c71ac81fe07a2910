import { describe, expect, it } from "vitest";
import { list, section } from "../../components/collector/config";
import { ingressFiles, withIngress } from "../../components/collector/ingress";
import { changed, shipped } from "../support/configs";

const base = shipped.loadBalancer();
const folder = "/files";
const tokens = ["old-token", "new$token"];
const withAll = withIngress(base, { isEncrypted: true, tokens, folder });
const protocolsOf = (config: typeof base) => section(config, "receivers", "otlp", "protocols");

const tls = {
    cert_file: `${folder}/${ingressFiles.certificate}`,
    key_file: `${folder}/${ingressFiles.key}`,
    reload_interval: "10s",
    min_version: "1.2",
};
const auth = { authenticator: "bearertokenauth/clients" };

describe("what an lb asks of its clients", () => {
    it("is nothing, and its configuration is as it was, unless it is told so", () => {
        expect(withIngress(base, { isEncrypted: false, tokens: [], folder })).toEqual(base);
    });

    it.each(["grpc", "http"])("stands at %s, which keeps its limits", (protocol) => {
        const before = section(base, "receivers", "otlp", "protocols", protocol);
        expect(protocolsOf(withAll)[protocol]).toEqual({ ...before, tls, auth });
    });

    it("leaves no protocol out", () => {
        const third = changed(base, "receivers.otlp.protocols.other", { endpoint: "0.0.0.0:1" });
        const protocols = protocolsOf(withIngress(third, { isEncrypted: true, tokens, folder }));
        expect(Object.values(protocols)).toEqual(Array(3).fill(expect.objectContaining({ tls, auth })));
    });

    it("may be TLS alone: then there is nothing that asks for a token", () => {
        const config = withIngress(base, { isEncrypted: true, tokens: [], folder });
        expect(JSON.stringify(config)).not.toContain("bearertokenauth");
        expect(protocolsOf(config).grpc).toMatchObject({ tls });
    });

    it("may be a token alone: then there is no TLS", () => {
        const config = withIngress(base, { isEncrypted: false, tokens, folder });
        for (const protocol of Object.values(protocolsOf(config))) {
            expect(protocol).not.toHaveProperty("tls");
            expect(protocol).toMatchObject({ auth });
        }
    });

    it("is one of all tokens, as they are, by an extension that is started with the others", () => {
        expect(section(withAll, "extensions", auth.authenticator)).toEqual({ tokens: ["old-token", "new$$token"] });
        expect(list(withAll, "service", "extensions")).toEqual([
            ...list(base, "service", "extensions"),
            auth.authenticator,
        ]);
    });

    it("does not touch what goes to the gateways", () => {
        expect(withAll.exporters).toEqual(base.exporters);
    });
});
