import { describe, expect, it } from "vitest";
import { at } from "../../components/collector/config";
import { withConsumersFor } from "../../components/collector/consumers";
import { changed, shipped } from "../support/configs";

const mib = 2 ** 20;
const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];
const queue = (id: string) => `exporters.${id}.sending_queue`;

describe("batches that wait for their gateways", () => {
    const consumers = (memoryBytes: number, config = shipped.loadBalancer()) => {
        const given = withConsumersFor(config, memoryBytes);
        const all = rings.map((id) => at(given, "exporters", id, "sending_queue", "num_consumers"));
        expect(new Set(all).size).toBe(1);
        return all[0];
    };

    it("are as many as the configuration says, from 512 MiB of memory on", () => {
        expect(consumers(512 * mib)).toBe(50);
        expect(consumers(4_096 * mib)).toBe(50);
    });

    it.each([
        [256, 26],
        [128, 13],
        [64, 6],
        [1, 1],
    ])("take half of %i MiB at most: %i", (mebibytes, most) => {
        expect(consumers(mebibytes * mib)).toBe(most);
    });

    it("are more of a smaller size", () => {
        const smaller = rings.reduce(
            (config, id) => changed(config, `${queue(id)}.batch.min_size`, 393_216),
            shipped.loadBalancer(),
        );
        expect(consumers(256 * mib, smaller)).toBe(50);
    });

    it("are left alone where nothing is batched", () => {
        const unbatched = rings.reduce(
            (config, id) => changed(config, `${queue(id)}.batch`, null),
            shipped.loadBalancer(),
        );
        expect(consumers(64 * mib, unbatched)).toBe(50);
    });
});
