import { describe, expect, it } from "vitest";
import { cpuCores, diskBytes, durationMs, inMebibytes, memoryBytes } from "../../components/collector/quantity";

describe("memory", () => {
    it.each([
        ["64Mi", 67_108_864],
        ["512Mi", 536_870_912],
        ["2Gi", 2_147_483_648],
        ["65536Ki", 67_108_864],
    ])("%s is %i bytes", (text, bytes) => {
        expect(memoryBytes("gatewayMemory", text)).toBe(bytes);
    });

    it.each(["12", "63Mi", "65535Ki", "0Gi", "512M", "512mi", "1.5Gi", "-512Mi", "512 Mi", "", "Mi"])(
        "%j is refused",
        (text) => {
            expect(() => memoryBytes("gatewayMemory", text)).toThrow(
                `gatewayMemory is ${JSON.stringify(text)}; allowed: at least 64Mi, as in "512Mi" or "2Gi"`,
            );
        },
    );
});

describe("a disk", () => {
    it.each([
        ["1Mi", 1_048_576],
        ["512Mi", 536_870_912],
        ["10Gi", 10_737_418_240],
        ["2Ti", 2_199_023_255_552],
    ])("%s is %i bytes", (text, bytes) => {
        expect(diskBytes("loadBalancerQueue", text)).toBe(bytes);
    });

    it.each(["20000", "0Gi", "01Gi", "1Ki", "1G", "1.5Gi", "-1Gi", "1 Gi", "", "Gi", "size"])(
        "%j is refused",
        (text) => {
            expect(() => diskBytes("loadBalancerQueue", text)).toThrow(
                `loadBalancerQueue is ${JSON.stringify(text)}; allowed: a size, as in "512Mi" or "10Gi"`,
            );
        },
    );

    it.each([
        [1_048_576, "1Mi"],
        [1_048_575, "0Mi"],
        [10_737_418_241, "10240Mi"],
    ])("%i bytes are %s", (bytes, text) => {
        expect(inMebibytes(bytes)).toBe(text);
    });
});

describe("cpu", () => {
    it.each([
        ["0", undefined],
        ["0m", undefined],
        ["2", 2],
        ["0.5", 0.5],
        ["500m", 0.5],
        ["1500m", 1.5],
    ])("%s is %s cores", (text, cores) => {
        expect(cpuCores("gatewayCpu", text)).toBe(cores);
    });

    it.each(["x", "-1", "", "2 cores", ".5", "1,5", "500M"])("%j is refused", (text) => {
        expect(() => cpuCores("gatewayCpu", text)).toThrow(
            `gatewayCpu is ${JSON.stringify(text)}; allowed: "0" for no limit, or cores as in "2", "0.5" or "500m"`,
        );
    });
});

describe("a duration", () => {
    it.each([
        ["0s", 0],
        ["250ms", 250],
        ["10s", 10_000],
        ["1m30s", 90_000],
        ["1.5h", 5_400_000],
        ["1h1m1s1ms", 3_661_001],
    ])("%s is %i ms", (text, milliseconds) => {
        expect(durationMs(text)).toBe(milliseconds);
    });

    it.each(["10", "s", "", "-1s", "1 s", "1d", 10, 0, null, undefined, {}])("%j is none", (value) => {
        expect(durationMs(value)).toBeUndefined();
    });
});
