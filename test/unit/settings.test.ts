import { beforeEach, describe, expect, it } from "vitest";
import { EXTERNAL_GATEWAY_DEFAULTS } from "../../components/ExternalGateway";
import { GATEWAY_DEFAULTS } from "../../components/GatewayTier";
import { LOAD_BALANCER_DEFAULTS } from "../../components/LoadBalancerTier";
import { readSettings } from "../../components/settings";
import { checkKeys, keyNames } from "../../components/settingsSchema";
import { GENERATOR_DEFAULTS } from "../../components/TelemetryGenerator";
import { TIER_DEFAULTS } from "../../components/tier";
import { RecordingEngine } from "../support/mocks";
import { configure, declaredKeys, defaultKeys, settingsWith } from "../support/stackSettings";

describe("Pulumi.yaml", () => {
    it("declares exactly the keys that are read", () => {
        expect(Object.keys(declaredKeys).sort()).toEqual([...keyNames].sort());
    });

    it("gives each of them a default", () => {
        const without = Object.keys(declaredKeys).filter((key) => defaultKeys[key] === undefined);
        expect(without).toEqual([]);
    });

    it("its defaults are allowed", () => {
        expect(checkKeys(defaultKeys)).toEqual(defaultKeys);
    });

    it("declares each key with the type of its default", () => {
        const typeOfDefault = (value: unknown) => {
            if (Array.isArray(value)) return "array";
            return typeof value === "number" ? "integer" : typeof value;
        };
        for (const [key, { type, default: value }] of Object.entries(declaredKeys)) {
            expect([key, type]).toEqual([key, typeOfDefault(value)]);
        }
    });
});

describe("a stack without settings gets what the components would take anyway", () => {
    const settings = settingsWith({ generator: true });

    it("the external gateway", () => {
        expect(settings.externalGateway).toEqual({ ...TIER_DEFAULTS, ...EXTERNAL_GATEWAY_DEFAULTS, overrides: {} });
    });

    it("the gateways", () => {
        expect(settings.gateways).toEqual({ ...TIER_DEFAULTS, ...GATEWAY_DEFAULTS, overrides: {} });
    });

    it("the load balancers", () => {
        expect(settings.loadBalancer).toEqual({ ...TIER_DEFAULTS, ...LOAD_BALANCER_DEFAULTS, overrides: {} });
    });

    it("the generator", () => {
        expect(settings.generator).toEqual(GENERATOR_DEFAULTS);
    });
});

describe("a stack's configuration", () => {
    beforeEach(() => RecordingEngine.start(true));

    it("is read key by key with the type that Pulumi.yaml declares", async () => {
        configure({});
        expect(await readSettings()).toEqual(settingsWith());
    });

    it("is read with what a stack sets instead", async () => {
        const keys = { gateways: 7, gatewayCpuRequest: "1", storageSize: "5Gi", scaleOnCpu: 50, image: "1.0" };
        configure(keys);
        expect(await readSettings()).toEqual(settingsWith(keys));
    });
});

describe("each key goes where it belongs", () => {
    it("the size is that of all three tiers, and decides what none of them is given", () => {
        const { loadBalancer, gateways, externalGateway } = settingsWith({ size: "large", gatewayCpuRequest: "250m" });
        expect([loadBalancer.size, gateways.size, externalGateway.size]).toEqual(["large", "large", "large"]);
        expect([loadBalancer.memory, gateways.memory, externalGateway.memory]).toEqual(Array(3).fill(undefined));
        expect([loadBalancer.cpuRequest, gateways.cpuRequest]).toEqual([undefined, "250m"]);
    });

    it("no generator unless it is asked for", () => {
        expect(settingsWith({ generator: false }).generator).toBeUndefined();
        expect(settingsWith({ generator: true, generatorRate: 7 }).generator).toMatchObject({ rate: 7 });
    });

    it("the tiers have limits, queues and overrides of their own", () => {
        const settings = settingsWith({
            loadBalancerMemory: "100Mi",
            gatewayMemory: "200Mi",
            externalGatewayMemory: "300Mi",
            loadBalancerCpu: "1",
            gatewayCpu: "2",
            externalGatewayCpu: "3",
            loadBalancerQueue: "11Mi",
            externalGatewayQueue: "33Mi",
            loadBalancerOverrides: { a: 1 },
            gatewayOverrides: { b: 2 },
            externalGatewayOverrides: { c: 3 },
        });
        expect(settings.loadBalancer).toMatchObject({
            memory: "100Mi",
            cpu: "1",
            queueSize: "11Mi",
            overrides: { a: 1 },
        });
        expect(settings.gateways).toMatchObject({ memory: "200Mi", cpu: "2", overrides: { b: 2 } });
        expect(settings.externalGateway).toMatchObject({
            memory: "300Mi",
            cpu: "3",
            queueSize: "33Mi",
            overrides: { c: 3 },
        });
    });

    it("a queue is left to the disk unless it has a size", () => {
        const { loadBalancer, externalGateway } = settingsWith({ externalGatewayQueue: "1Gi" });
        expect([loadBalancer.queueSize, externalGateway.queueSize]).toEqual([undefined, "1Gi"]);
    });

    it("what is waived is waived in every tier, and between them", () => {
        const waived = ["topology/limits-grow"];
        const settings = settingsWith({ waived });
        expect(settings.waived).toEqual(waived);
        const { loadBalancer, gateways, externalGateway } = settings;
        expect([loadBalancer.waived, gateways.waived, externalGateway.waived]).toEqual(Array(3).fill(waived));
    });

    it("the image is that of all three tiers", () => {
        const { loadBalancer, gateways, externalGateway } = settingsWith({ image: "mine:1" });
        expect([loadBalancer.image, gateways.image, externalGateway.image]).toEqual(["mine:1", "mine:1", "mine:1"]);
    });
});
