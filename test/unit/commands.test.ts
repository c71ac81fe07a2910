import type { EngineEvent } from "@pulumi/pulumi/automation";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Progress } from "../../engine/progress";
import { selecting } from "../../commands/pulumi";

describe("selecting a stack", () => {
    let folder: string;
    beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), "commands-"));
        writeFileSync(join(folder, "Pulumi.k8s.yaml"), "");
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it("makes it on first use, where its settings are in a file", () => {
        expect(selecting(["stack", "select", "k8s"], folder)).toEqual(["stack", "select", "k8s", "--create"]);
    });

    it.each([
        ["a stack that has no settings", ["stack", "select", "prod"]],
        ["no stack", ["stack", "select"]],
        ["an option in the place of a stack", ["stack", "select", "--help"]],
        ["another command about stacks", ["stack", "rm", "k8s"]],
        ["another command", ["config", "set", "gateways", "5"]],
    ])("leaves %s to the CLI", (_, args) => {
        expect(selecting(args, folder)).toEqual(args);
    });
});

describe("the progress of an update", () => {
    let written: string[];
    beforeEach(() => {
        written = [];
        vi.spyOn(process.stderr, "write").mockImplementation((text) => {
            written.push(String(text).replace(/\d+\.\d s/, "N s"));
            return true;
        });
    });
    afterEach(() => void vi.restoreAllMocks());

    const urn = (type: string, name: string) => `urn:pulumi:dev::otel-collector-tiers::tier$${type}::${name}`;
    const statefulSet = urn("kubernetes:apps/v1:StatefulSet", "gateway");

    const told = (...events: object[]) => {
        const progress = new Progress();
        events.forEach((event) => progress.event(event as EngineEvent));
        return { written, errors: progress.errors };
    };
    const done = (one: string, op: string) => [
        { resourcePreEvent: { metadata: { urn: one, op } } },
        { resOutputsEvent: { metadata: { urn: one, op } } },
    ];
    const said = (message: string, more: object) => ({ diagnosticEvent: { message, color: "raw", ...more } });

    it.each([
        ["create", "created"],
        ["update", "updated"],
        ["create-replacement", "created again"],
        ["delete-replaced", "removed the old"],
        ["delete", "removed"],
    ])("tells what becomes of each container and each StatefulSet: %s", (op, verb) => {
        const container = urn("docker:index/container:Container", "gateway-1");
        expect(told(...done(container, op), ...done(statefulSet, op)).written).toEqual([
            `  ${verb} gateway-1 (N s)\n`,
            `  ${verb} gateway (N s)\n`,
        ]);
    });

    it("is silent about what stays, and about what nobody would look for", () => {
        const events = [
            ...done(statefulSet, "same"),
            ...done(urn("kubernetes:core/v1:ConfigMap", "gateway"), "create"),
            ...done(urn("docker:index/volume:Volume", "load-balancer-1"), "create"),
        ];
        expect(told(...events).written).toEqual([]);
    });

    it("tells how far a rollout is, without the engine's colours, and nothing else that is said", () => {
        const events = [
            said("<{%reset%}>gateway: 2 of 3 ready<{%reset%}>\n", { severity: "info", streamID: 1, ephemeral: true }),
            said("something else", { severity: "info" }),
            said("of another stream", { severity: "info", streamID: 2 }),
        ];
        expect(told(...events)).toEqual({ written: ["  gateway: 2 of 3 ready\n"], errors: [] });
    });

    it("keeps what went wrong, for the end", () => {
        const events = [said("<{%fg 1%}>gateway-0 does not start<{%reset%}>", { severity: "error" })];
        expect(told(...events)).toEqual({ written: [], errors: ["gateway-0 does not start"] });
    });

    it("tells what was not validated or is given up, and no other warning", () => {
        const text = "the configuration of gateway, load-balancer was not validated beforehand: exceeded quota";
        const events = [
            said(`${text}\n`, { severity: "warning" }),
            said("waived, and given up: a/rule", { severity: "warning" }),
            said("the plugin is expected to have another version", { severity: "warning" }),
        ];
        expect(told(...events)).toEqual({
            written: [`  warning: ${text}\n`, "  warning: waived, and given up: a/rule\n"],
            errors: [],
        });
    });
});
