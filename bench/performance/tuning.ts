import { isDeepStrictEqual } from "node:util";
import { type Config, isConfig, section } from "../../components/collector/config";
import type { Alternative } from "../report/benchResult";
import { median } from "../report/numbers";
import { type Choice, choices } from "./alternatives";
import type { Tier } from "../rigs/rig";
import type { Tools } from "./load";
import { plainSubject } from "./plainSubject";
import { inputsOf, variedCollectors } from "./shippedCollectors";
import { type Rounds, sideBySide } from "./sideBySide";
import { withAll } from "./subject";

const anyBackend = "http://backend:4317";

/** Measures all choices of a topic side by side. */
export async function weighed(topic: Alternative["topic"], rounds: Rounds, tools: Tools): Promise<Alternative[]> {
    const measured: Alternative[] = [];
    const open = choices
        .filter((choice) => choice.topic === topic)
        .map((choice) => async () => {
            const collectors = variedCollectors(tools.sink.endpoint.grpc, choice);
            return { ...(await plainSubject(choice.label, "load-balancer-1", collectors)), choice };
        });
    await withAll(open, tools.signal, async (subjects) => {
        for (const [{ choice }, { costs, latency }] of await sideBySide(subjects, rounds, tools)) {
            measured.push({
                topic,
                label: choice.label,
                changed: changesOf(choice).join("; "),
                cpuMicrosPerSpan: median(costs.map(({ total }) => total)),
                p99Ms: latency.p99,
                chosen: isShipped(choice),
            });
        }
    });
    return measured;
}

/** Whether a choice is the one that is shipped: it changes nothing. */
export function isShipped(choice: Choice): boolean {
    return isDeepStrictEqual(inputsOf(anyBackend, choice), inputsOf(anyBackend, {}));
}

/** What a choice changes of what is shipped, as it stands in configuration or environment; nothing for the shipped one. */
export function changesOf({ configs = {}, environment = {} }: Choice): string[] {
    const shipped = inputsOf(anyBackend, {});
    const inConfigs = (Object.keys(configs) as Tier[]).flatMap((tier) => {
        const exporters = section(difference(configs[tier], shipped[tier].config) ?? {}, "exporters");
        return Object.entries(exporters).map(([id, exporter]) => `${tier} ${id} ${flow(exporter)}`);
    });
    const given = shipped.gateway.environment;
    const variables = Object.entries(environment).filter(([name, value]) => given[name] !== value);
    return [...inConfigs, ...variables.map(([name, value]) => `${name}=${value}`)];
}

/** What of an overlay is not as below it; undefined where all of it is. */
function difference(over: Config | undefined, below: unknown): Config | undefined {
    const entries = Object.entries(over ?? {}).flatMap(([key, value]) => {
        const there = isConfig(below) ? below[key] : undefined;
        const different = isConfig(value) ? difference(value, there) : isSame(value, there) ? undefined : value;
        return different === undefined ? [] : [[key, different] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const isSame = (value: unknown, there: unknown) => isDeepStrictEqual(value ?? undefined, there);

/** On one line, with a path of keys where a mapping has only one. */
function flow(value: unknown): string {
    if (!isConfig(value)) return value === null ? "none" : JSON.stringify(value).replaceAll('"', "");
    const entries = Object.entries(value);
    const parts = entries.map(([key, inner]) =>
        isConfig(inner) && Object.keys(inner).length === 1 ? `${key}.${flow(inner)}` : `${key}: ${flow(inner)}`,
    );
    return parts.length === 1 ? parts.join() : `{${parts.join(", ")}}`;
}
