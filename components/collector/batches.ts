import { at, type Config, isConfig } from "./config";
import type { RuleId } from "./rules/catalogue";
import { required, type Violation } from "./rules/violation";

/** The path of an exporter's batches; none where it does not batch. */
function batchPath(config: Config, exporter: string): string[] | undefined {
    const queue = ["exporters", exporter, "sending_queue"];
    const batches = at(config, ...queue, "enabled") !== false && isConfig(at(config, ...queue, "batch"));
    return batches ? [...queue, "batch"] : undefined;
}

/** Messages are limited in bytes: what is batched by spans, or without a limit, may be more than the receiver takes. */
export function batchesInBytes(rule: RuleId, config: Config, exporter: string): Violation[] {
    const path = batchPath(config, exporter);
    if (!path) return [];
    return [
        ...required(rule, config, [...path, "sizer"], (sizer) => sizer === "bytes", "bytes"),
        ...required(rule, config, [...path, "max_size"], (bytes) => Number(bytes) > 0, "a number of bytes above 0"),
    ];
}

/** An exporter drops the span that is larger than a batch may be, so there is room for all that comes in. */
export function batchesHold(rule: RuleId, config: Config, exporter: string, largestBytes: number): Violation[] {
    return batchesWithin(
        rule,
        config,
        exporter,
        (bytes) => bytes >= largestBytes,
        `at least the ${largestBytes} bytes that may come in, because what is larger than a batch is dropped`,
    );
}

/** A batch that the next tier does not take in is dropped. */
export function batchesFit(rule: RuleId, config: Config, exporter: string, limitBytes: number): Violation[] {
    return batchesWithin(
        rule,
        config,
        exporter,
        (bytes) => bytes < limitBytes,
        `less than the ${limitBytes} bytes that the next tier takes in`,
    );
}

/** A size that is none is another rule's concern. */
function batchesWithin(
    rule: RuleId,
    config: Config,
    exporter: string,
    fits: (bytes: number) => boolean,
    allowed: string,
): Violation[] {
    const path = batchPath(config, exporter);
    if (!path) return [];
    const holds = (value: unknown) => !(Number(value) > 0) || fits(Number(value));
    return required(rule, config, [...path, "max_size"], holds, allowed);
}
