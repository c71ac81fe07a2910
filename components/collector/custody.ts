import { batchesHold, batchesInBytes } from "./batches";
import { at, type Config, isConfig, list, pipelineIds, section, typeOf } from "./config";
import { largestMessageBytes } from "./limits";
import { loadBalancingExporters } from "./loadBalancer";
import { durationMs } from "./quantity";
import { queueHolds, queueInBytes, queueOnDisk, queuesFit } from "./queues";
import type { RuleId } from "./rules/catalogue";
import { required, type Violation } from "./rules/violation";
import { durableFolder, type Volume } from "./volume";

/** Where nobody says which volumes a tier has. */
const usualVolumes: Volume[] = [{ path: durableFolder }];

/** Processors that acknowledge a span before the next tier has it, so that a stop or a crash loses what they hold. */
const forgetful = ["batch", "groupbytrace", "group_by_trace", "tail_sampling"];

/** Whether an exporter only shows what goes by: it may stand beside those that deliver, and never instead of them. */
export const onlyShows = (id: string) => ["debug", "prometheus"].includes(typeOf(id));

/** The lb owns what it acknowledged: on disk, retried for ever, and in no other queue. */
export function loadBalancerCustody(config: Config, volumes = usualVolumes): Violation[] {
    const rings = loadBalancingExporters(config);
    return [
        ...forgetfulProcessors("lb", config),
        ...pipelinesEndIn(
            "custody/lb-routes-everything",
            config,
            (id) => rings.includes(id) || onlyShows(id),
            "load_balancing exporters",
        ),
        ...rings
            .filter((id) => takesMetrics(config, id))
            .flatMap((id) =>
                required(
                    "custody/lb-routes-every-metric",
                    config,
                    ["exporters", id, "routing_key"],
                    (value) => ["resource", "metric", "streamID", "attributes"].includes(String(value)),
                    "resource, metric, streamID or attributes, because service drops metrics without a service.name",
                ),
            ),
        ...rings.flatMap((id) => [
            ...queueOnDisk("custody/lb-queue-on-disk", config, id, volumes),
            ...queueInBytes("custody/lb-queue-in-bytes", config, id),
            ...queueHolds("custody/lb-queue-holds-a-message", config, id, largestMessageBytes(config)),
            ...endlessRetry("custody/lb-retries-for-ever", config, id),
            ...batchesInBytes("custody/lb-batches-in-bytes", config, id),
            ...batchesHold("custody/lb-batches-hold-a-message", config, id, largestMessageBytes(config)),
            ...required(
                "custody/lb-queue-only-on-top",
                config,
                ["exporters", id, "protocol", "otlp", "sending_queue", "enabled"],
                (value) => value === false,
                "false, because this queue is lost when its gateway leaves the ring",
            ),
            ...required(
                "custody/lb-one-resolver",
                config,
                ["exporters", id, "resolver"],
                (value) => isConfig(value) && Object.keys(value).length === 1,
                "exactly one resolver",
            ),
        ]),
        ...queuesFit("custody/lb-queues-fit-their-disk", config, volumes),
    ];
}

/** A gateway owns nothing: whatever it does, it answers only after the external gateway has. */
export function gatewayCustody(config: Config): Violation[] {
    const synchronous = (id: string) =>
        at(config, "exporters", id, "sending_queue", "enabled") === false ||
        (at(config, "exporters", id, "sending_queue", "wait_for_result") === true &&
            at(config, "exporters", id, "sending_queue", "storage") === undefined);
    return [
        ...forgetfulProcessors("gateway", config),
        ...deliveringExporters(config)
            .filter((id) => !synchronous(id))
            .map((id) => ({
                rule: "custody/gateway-is-synchronous" as const,
                path: `exporters.${id}.sending_queue`,
                got: at(config, "exporters", id, "sending_queue"),
                allowed: "enabled: false, or wait_for_result: true without storage",
            })),
        ...deliveringExporters(config).flatMap((id) => [
            ...batchesInBytes("custody/gateway-batches-in-bytes", config, id),
            ...batchesHold("custody/gateway-batches-hold-a-message", config, id, largestMessageBytes(config)),
        ]),
    ];
}

/** The external gateway owns what it acknowledged until a backend took it; a file takes it at once. */
export function externalGatewayCustody(config: Config, volumes = usualVolumes): Violation[] {
    return [
        ...forgetfulProcessors("external-gateway", config),
        ...deliveringExporters(config).flatMap((id) =>
            typeOf(id) === "file"
                ? required(
                      "custody/external-file-unbuffered",
                      config,
                      ["exporters", id, "rotation"],
                      isConfig,
                      "a rotation, without which the file exporter keeps writes in memory",
                  )
                : [
                      ...queueOnDisk("custody/external-queue-on-disk", config, id, volumes),
                      ...queueInBytes("custody/external-queue-in-bytes", config, id),
                      ...queueHolds("custody/external-queue-holds-a-message", config, id, largestMessageBytes(config)),
                      ...endlessRetry("custody/external-retries-for-ever", config, id),
                      ...batchesInBytes("custody/external-batches-in-bytes", config, id),
                  ],
        ),
        ...queuesFit("custody/external-queues-fit-their-disk", config, volumes),
    ];
}

/** All keys are asked for, because the load_balancing exporter takes 0 for those that are left out. */
function endlessRetry(rule: RuleId, config: Config, id: string): Violation[] {
    const retry = ["exporters", id, "retry_on_failure"];
    const positive = (value: unknown) => (durationMs(value) ?? 0) > 0;
    return [
        ...required(rule, config, [...retry, "enabled"], (value) => value === true, "true"),
        ...required(
            rule,
            config,
            [...retry, "max_elapsed_time"],
            (value) => value === 0 || durationMs(value) === 0,
            "0s",
        ),
        ...required(
            rule,
            config,
            [...retry, "initial_interval"],
            positive,
            "a duration above 0, or it retries in a hot loop",
        ),
        ...required(
            rule,
            config,
            [...retry, "max_interval"],
            positive,
            "a duration above 0, or it retries in a hot loop",
        ),
    ];
}

function forgetfulProcessors(tier: "lb" | "gateway" | "external-gateway", config: Config): Violation[] {
    return pipelineIds(config).flatMap((id) => {
        const path = ["service", "pipelines", id, "processors"];
        const got = list(config, ...path).filter((processor) => forgetful.includes(typeOf(processor)));
        const allowed = "processors that pass a span on before they acknowledge it";
        return got.length === 0
            ? []
            : [{ rule: `custody/${tier}-keeps-nothing-in-memory` as const, path: path.join("."), got, allowed }];
    });
}

function pipelinesEndIn(rule: RuleId, config: Config, fits: (id: string) => boolean, allowed: string): Violation[] {
    return pipelineIds(config).flatMap((id) => {
        const path = ["service", "pipelines", id, "exporters"];
        const got = list(config, ...path);
        return got.some((one) => !onlyShows(one)) && got.every(fits)
            ? []
            : [{ rule, path: path.join("."), got, allowed }];
    });
}

function takesMetrics(config: Config, exporter: string): boolean {
    const pipelines = pipelineIds(config).filter((id) => typeOf(id) === "metrics");
    return pipelines.some((id) => list(config, "service", "pipelines", id, "exporters").includes(exporter));
}

/** The exporters that a configuration hands telemetry on with: neither connectors nor those that only show it. */
export function deliveringExporters(config: Config): string[] {
    const connectors = Object.keys(section(config, "connectors"));
    const used = new Set(pipelineIds(config).flatMap((id) => list(config, "service", "pipelines", id, "exporters")));
    return [...used].filter((id) => !connectors.includes(id) && !onlyShows(id));
}
