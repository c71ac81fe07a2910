import { busyTraffic, faultTraffic } from "../load/plan";
import type { Profile } from "../rigs/rig";
import { anything, atLeastOnce, frozen, killed, planned, scaled, steady, stopped } from "./bars";
import type { Scenario, Target } from "./scenario";
import { queuesOn, smallestQueues } from "./smallQueues";

const lb: Target = ["load-balancer", 0];
const gateway: Target = ["gateway", 1];
const externalGateway: Target = ["external-gateway", 0];
const both: Profile[] = ["custody", "default"];
const aMinute = 60;
const smallDiskMiB = 16;
const comesBack = "a StatefulSet brings its pods back";

/** A setting that changes a tier's configuration and nothing that it does. */
const rolled = (tier: string) => ({
    [`${tier}Overrides`]: { processors: { memory_limiter: { check_interval: "500ms" } } },
});
const outage = (backend: "refuse" | "error" | "hang", seconds: number) => [
    { backend },
    { wait: seconds },
    { backend: "take" as const },
];

/** Everything that the lab does to a rig, in the order in which it does. */
export const scenarios: Scenario[] = [
    { name: "steady", profiles: both, steps: [], seconds: aMinute, bars: steady, inSubset: true },
    {
        name: "gateway stopped, back after 6 s",
        profiles: both,
        steps: [{ stop: gateway }, { wait: 6 }, { start: gateway }],
        seconds: aMinute,
        bars: stopped,
        inSubset: true,
    },
    {
        name: "gateway killed, back after 6 s",
        profiles: both,
        steps: [{ kill: gateway }, { wait: 6 }, { start: gateway }],
        seconds: aMinute,
        bars: killed,
        inSubset: true,
    },
    {
        name: "gateway killed, removed after 20 s",
        profiles: both,
        platforms: ["docker"],
        elsewhere: comesBack,
        steps: [{ kill: ["gateway", 2] }, { wait: 20 }, { up: { gateways: 2 } }],
        seconds: aMinute,
        bars: ({ affinity }) => ({ duplicated: affinity ? undefined : 0.01, splitInside: "as predicted" }),
    },
    {
        name: "gateway frozen for 30 s",
        profiles: both,
        steps: [{ pause: gateway }, { wait: 30 }, { resume: gateway }],
        seconds: aMinute,
        bars: frozen,
    },
    {
        name: "all gateways gone for 60 s",
        profiles: both,
        steps: [{ removeAll: "gateway" }, { wait: 60 }, { restoreAll: "gateway" }],
        seconds: aMinute,
        bars: ({ affinity }) => (affinity ? atLeastOnce() : anything()),
    },
    {
        name: "lb killed, back with its volume",
        profiles: both,
        steps: [{ kill: lb }, { wait: 3 }, { start: lb }],
        seconds: aMinute,
        bars: atLeastOnce,
        inSubset: true,
    },
    {
        name: "external gateway killed, back after 3 s",
        profiles: both,
        steps: [{ kill: externalGateway }, { wait: 3 }, { start: externalGateway }],
        seconds: aMinute,
        bars: atLeastOnce,
        inSubset: true,
    },
    { name: "backend refuses for 180 s", steps: outage("refuse", 180), seconds: aMinute, bars: steady },
    { name: "backend answers 503 for 180 s", steps: outage("error", 180), seconds: aMinute, bars: steady },
    { name: "backend hangs for 180 s", steps: outage("hang", 180), seconds: aMinute, bars: steady },
    {
        name: "scaled 2-3-5-2",
        profiles: both,
        settings: { gateways: 2 },
        steps: [{ up: { gateways: 3 } }, { up: { gateways: 5 } }, { up: { gateways: 2 } }],
        seconds: aMinute,
        bars: scaled,
        inSubset: true,
    },
    {
        name: "gateways rolled",
        steps: [{ up: rolled("gateway") }],
        seconds: aMinute,
        bars: planned,
        oneAtATime: true,
        inSubset: true,
    },
    { name: "lbs rolled", steps: [{ up: rolled("loadBalancer") }], seconds: aMinute, bars: planned },
    {
        name: "external gateway rolled",
        steps: [{ up: rolled("externalGateway") }],
        seconds: aMinute,
        bars: planned,
    },
    {
        name: "other certificate authorities",
        steps: [{ up: { certificateGeneration: 2 } }],
        seconds: aMinute,
        bars: ({ affinity }) => (affinity ? atLeastOnce() : anything()),
    },
    {
        name: "engine killed in a roll, then up again",
        steps: [{ interruptedUp: rolled("gateway"), afterMs: 2_500 }, { up: rolled("gateway") }],
        seconds: aMinute,
        bars: ({ affinity }) => (affinity ? atLeastOnce() : anything()),
        oneAtATime: true,
    },
    {
        name: "queues full",
        settings: smallestQueues,
        steps: outage("refuse", 40),
        traffic: { pace: { spansPerSecond: 1_000 }, shape: faultTraffic },
        seconds: aMinute,
        bars: atLeastOnce,
        mustShow: "refusals",
        inSubset: true,
    },
    {
        name: `disks of ${smallDiskMiB} MiB, filled`,
        platforms: ["docker"],
        elsewhere: "the test cluster's volumes have no size",
        diskMiB: smallDiskMiB,
        settings: queuesOn(smallDiskMiB),
        steps: outage("refuse", 60),
        traffic: { pace: { spansPerSecond: 2_000 }, shape: busyTraffic },
        seconds: aMinute,
        bars: atLeastOnce,
        mustShow: "refusals",
    },
    {
        name: "twice the sustainable load",
        steps: [],
        traffic: { pace: "twice the sustainable load", shape: busyTraffic },
        seconds: 30,
        bars: atLeastOnce,
        alone: true,
    },
];

/** The ring's resolver is changed under traffic and changed back, one lane for all. */
export const resolverSwitches: Record<"docker" | "kubernetes", Scenario> = {
    docker: switching(["dns", "static"]),
    kubernetes: switching(["dns", "k8s", "static"]),
};

function switching(resolvers: string[]): Scenario {
    return {
        name: `resolver switched: ${resolvers.join(", ")}`,
        steps: resolvers.map((resolver) => ({ up: { resolver } })),
        seconds: aMinute,
        bars: anything,
    };
}

/** What the lab has to be able to see; on plain containers, because no stack can be brought to do it. */
export const controls: Scenario[] = [
    {
        name: "control: defaults lose on scale-in",
        profiles: ["default"],
        steps: [{ up: { gateways: 2 } }],
        seconds: 30,
        bars: anything,
        control: "loss",
        inSubset: true,
    },
    {
        name: "control: lbs with different lists split",
        profiles: ["default"],
        settings: { lists: "different" },
        steps: [],
        seconds: 20,
        bars: steady,
        control: "splits",
        inSubset: true,
    },
];
