import { describe, expect, it } from "vitest";
import { at } from "../../components/collector/config";
import { Size } from "../../components/collector/sizes";
import { collectorSpec } from "../../components/tier";
import { shipped } from "../support/configs";
import { offlineDocker } from "../support/dockerResources";

const sizes = Object.values(Size);
const specOf = (size: Size, config = shipped.gateway()) =>
    collectorSpec("tier", { platform: offlineDocker(), size }, config, 0);

describe.each(sizes)("the size %s", (size) => {
    it.each(Object.entries(shipped))("lets Go collect, then refuses, before the kernel kills: %s", (_, read) => {
        const config = read();
        const percent = (key: string) => Number(at(config, "processors", "memory_limiter", key));
        const { resources, environment } = specOf(size, config);
        const hard = (resources.memoryBytes * percent("limit_percentage")) / 100;
        const soft = hard - (resources.memoryBytes * percent("spike_limit_percentage")) / 100;
        const go = Number(environment?.GOMEMLIMIT);
        expect([go < soft, soft < hard, hard < resources.memoryBytes]).toEqual([true, true, true]);
    });
});

it("each size is more than the one before, and none has a CPU limit", () => {
    const resources = sizes.map((size) => specOf(size).resources);
    expect(resources).toEqual([
        { memoryBytes: 512 * 2 ** 20, cores: undefined, reservedCores: 0.1 },
        { memoryBytes: 2 ** 30, cores: undefined, reservedCores: 0.5 },
        { memoryBytes: 2 * 2 ** 30, cores: undefined, reservedCores: 1 },
    ]);
});

it("what is set for a tier stands instead of its size's", () => {
    const args = { platform: offlineDocker(), size: Size.large, memory: "300Mi", cpu: "2", cpuRequest: "0" };
    const { resources, environment } = collectorSpec("tier", args, shipped.gateway(), 0);
    expect(resources).toEqual({ memoryBytes: 300 * 2 ** 20, cores: 2, reservedCores: 0 });
    expect(environment).toEqual({ GOGC: "800", GOMEMLIMIT: `${Math.floor(300 * 2 ** 20 * 0.45)}` });
});

it("a wrong quantity is told with the name of its tier", () => {
    const spec = (args: object) => () => collectorSpec("tier", { platform: offlineDocker(), ...args }, {}, 0);
    expect(spec({ cpuRequest: "much" })).toThrow(
        'cpuRequest of tier is "much"; allowed: "0" for no limit, or cores as in "2", "0.5" or "500m"',
    );
});
