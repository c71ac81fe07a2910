import { describe, expect, it } from "vitest";
import { at, type Config } from "../../components/collector/config";
import { type BackendFacts, externalGatewayConfig } from "../../components/collector/externalGateway";
import { type QueueLimits, queuesFit, withQueueBytes } from "../../components/collector/queues";
import { InvalidInput } from "../../components/errors";
import { changed, shipped } from "../support/configs";

const mib = 2 ** 20;
const gib = 2 ** 30;
const rings = ["load_balancing", "load_balancing/logs", "load_balancing/metrics"];
const vendor: BackendFacts = {
    name: "vendor",
    endpoint: "http://vendor:4317",
    protocol: "grpc",
    signals: ["traces", "logs", "metrics"],
    headers: {},
};

const limits = (over: Partial<QueueLimits>): QueueLimits => ({ tier: "the lb tier", usual: "1Gi", ...over });
const sizeOf = (config: Config, exporter: string) => at(config, "exporters", exporter, "sending_queue", "queue_size");
const lbQueue = (over: Partial<QueueLimits>, config = shipped.loadBalancer()) => {
    const given = withQueueBytes(config, limits(over));
    const sizes = rings.map((id) => sizeOf(given, id));
    expect(new Set(sizes).size).toBe(1);
    return sizes[0];
};
const externalGateway = (...backends: BackendFacts[]) => externalGatewayConfig(shipped.externalGateway(), backends);
const vendorQueue = (disk: number, ...others: BackendFacts[]) =>
    sizeOf(withQueueBytes(externalGateway(vendor, ...others), limits({ disk })), "otlp_grpc/vendor");

describe("each of an lb's three queues holds", () => {
    it("the usual where nobody asked for more and no disk is known", () => {
        expect(lbQueue({})).toBe(gib);
    });

    it("a third of the quarter of a disk that is known", () => {
        expect(lbQueue({ disk: 12 * gib })).toBe(gib);
        expect(lbQueue({ disk: 10 * gib })).toBe(Math.floor((10 * gib) / 12));
    });

    it("what was asked for, where no disk is known or where it fits", () => {
        expect(lbQueue({ asked: "8Ti" })).toBe(8 * 2 ** 40);
        expect(lbQueue({ asked: "20Mi", disk: 12 * gib })).toBe(20 * mib);
        expect(lbQueue({ asked: "1Gi", disk: 12 * gib })).toBe(gib);
    });

    it("never more than its disk bears, in one sentence", () => {
        expect(() => lbQueue({ asked: "1025Mi", disk: 12 * gib })).toThrow(
            new InvalidInput(
                'the queue size of the lb tier is "1025Mi"; allowed: at most 1024Mi for each of 3 on a disk of 12288Mi, ' +
                    "because their files grow larger than what is in them",
            ),
        );
    });

    it("no size that is none", () => {
        expect(() => lbQueue({ asked: "20000" })).toThrow(
            new InvalidInput('the queue size of the lb tier is "20000"; allowed: a size, as in "512Mi" or "10Gi"'),
        );
    });
});

describe("the external gateway has a queue for each backend and signal", () => {
    const jaeger: BackendFacts = { ...vendor, name: "jaeger", protocol: "http", signals: ["traces"] };

    it.each<[string, number, BackendFacts[]]>([
        ["three of one backend", 3, []],
        ["one more of a second that takes traces alone", 4, [jaeger]],
        ["three more of a third", 7, [jaeger, { ...vendor, name: "third" }]],
    ])("%s", (_, queues, others) => {
        expect(vendorQueue(336 * gib, ...others)).toBe((84 * gib) / queues);
    });

    it("and none without a backend", () => {
        const config = externalGateway();
        expect(withQueueBytes(config, limits({ asked: "1Gi", disk: mib }))).toEqual(config);
    });

    it("which leave room for the files of a signal that no backend takes", () => {
        const config = externalGateway({ ...vendor, signals: ["traces"] });
        const disk = 4 * gib + 500 * mib;
        expect(sizeOf(withQueueBytes(config, limits({ disk })), "otlp_grpc/vendor")).toBe(gib);
        const unset = changed(config, "exporters.file/sink.rotation", { max_megabytes: null, max_backups: null });
        const all = 4 * gib + 101 * 100 * mib;
        expect(sizeOf(withQueueBytes(unset, limits({ disk: all })), "otlp_grpc/vendor")).toBe(gib);
        expect(sizeOf(withQueueBytes(config, limits({ disk: mib })), "otlp_grpc/vendor")).toBe(0);
    });
});

it("two pipelines of one signal share an exporter's queue", () => {
    const pipeline = { receivers: ["otlp"], exporters: ["load_balancing"] };
    const config = changed(shipped.loadBalancer(), "service.pipelines.traces/more", pipeline);
    expect(lbQueue({ disk: 12 * gib }, config)).toBe(gib);
});

describe("overrides can not make queues larger than their disk", () => {
    const rule = "custody/lb-queues-fit-their-disk";
    const path = "exporters.*.sending_queue.queue_size";
    const disk = [{ path: "/disk", bytes: 12 * gib }];
    const lb = withQueueBytes(shipped.loadBalancer(), limits({ disk: 12 * gib }));
    const size = "exporters.load_balancing.sending_queue.queue_size";

    it("nor are they as they come", () => {
        expect(queuesFit(rule, lb, disk)).toEqual([]);
    });

    it("by a size", () => {
        expect(queuesFit(rule, changed(lb, size, gib + 1), disk)).toEqual([
            {
                rule,
                path,
                got: 3 * gib + 1,
                allowed: `at most ${3 * gib} in sum, because files grow larger than what is in them`,
            },
        ]);
    });

    it("by one more exporter", () => {
        const more = changed(lb, "exporters.load_balancing/more", at(lb, "exporters", "load_balancing"));
        const exporters = ["load_balancing", "load_balancing/more"];
        const config = changed(more, "service.pipelines.traces.exporters", exporters);
        expect(queuesFit(rule, config, disk)).toMatchObject([{ rule, path, got: 4 * gib }]);
    });

    it("where its size is not known, nobody can say", () => {
        expect(queuesFit(rule, changed(lb, size, 2 ** 50), [{ path: "/disk" }])).toEqual([]);
        expect(queuesFit(rule, changed(lb, size, 2 ** 50), [])).toEqual([]);
    });

    it("of several, nobody can say which queue is on which", () => {
        expect(queuesFit(rule, changed(lb, size, gib + 1), [...disk, { path: "/other" }])).toEqual([]);
    });
});
