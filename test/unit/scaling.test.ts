import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../components/errors";
import { type ScalingArgs, scalingOf, SCALING_DEFAULTS } from "../../components/scaling";

const scaling = (args: ScalingArgs & { replicas?: number }) => scalingOf({ ...SCALING_DEFAULTS, replicas: 3, ...args });

describe("who decides how many gateways there are", () => {
    it("nobody else, unless it is asked for", () => {
        expect(scaling({})).toBeUndefined();
        expect(scaling({ replicas: 50 })).toBeUndefined();
    });

    it("the platform, by the CPU and up to ten", () => {
        expect(scaling({ scaledBy: "platform" })).toEqual({
            by: "platform",
            most: 10,
            cpuPercent: 75,
            memoryPercent: 0,
            metrics: [],
            behavior: {},
        });
    });

    it("the platform, by whatever it is told", () => {
        const metrics = [{ type: "Pods" }];
        const behavior = { scaleUp: { stabilizationWindowSeconds: 60 } };
        const args = { scaleOnCpu: 0, scaleOnMemory: 80, scaleOnMetrics: metrics, scaleBehavior: behavior };
        expect(scaling({ scaledBy: "platform", maxReplicas: 3, ...args })).toEqual({
            by: "platform",
            most: 3,
            cpuPercent: 0,
            memoryPercent: 80,
            metrics,
            behavior,
        });
    });

    it("somebody else, who needs no measure here", () => {
        expect(scaling({ scaledBy: "external", scaleOnCpu: 0 })).toMatchObject({ by: "external" });
    });
});

describe("a scaler that could never do what it is asked for is refused", () => {
    it.each<[string, ScalingArgs & { replicas?: number }, string]>([
        [
            "with fewer at most than at least",
            { scaledBy: "platform", replicas: 5, maxReplicas: 4 },
            "maxReplicas is 4; allowed: at least 5, as many as replicas",
        ],
        [
            "with nothing to look at",
            { scaledBy: "platform", scaleOnCpu: 0 },
            "scaleOnCpu is 0; allowed: above 0, or scaleOnMemory, or scaleOnMetrics, to scale on",
        ],
    ])("%s", (_, args, sentence) => {
        expect(() => scaling(args)).toThrow(new InvalidInput(sentence));
    });
});
