import { setTimeout as delay } from "node:timers/promises";
import { Resolver } from "../../components";
import type { Rig } from "../rigs/rig";
import type { Sink } from "../sink/sink";
import type { RingWatch } from "./ringWatch";
import type { Step, Target } from "./scenario";

/** What a step has at hand. */
export interface Hands {
    rig: Rig;
    sink: Sink;
    ring: RingWatch;
    signal: AbortSignal;
}

export async function perform(step: Step, { rig, sink, ring, signal }: Hands): Promise<void> {
    const named = async ([tier, index]: Target) => (await rig.replicas(tier))[index] ?? `${tier} ${index}`;
    if ("wait" in step) return delay(step.wait * 1_000, undefined, { signal });
    if ("backend" in step) return sink.mode(step.backend);
    if ("stop" in step) return rig.stop(await named(step.stop));
    if ("kill" in step) return rig.kill(await named(step.kill));
    if ("start" in step) return rig.start(await named(step.start));
    if ("pause" in step) return rig.pause(await named(step.pause));
    if ("resume" in step) return rig.resume(await named(step.resume));
    if ("removeAll" in step) return rig.removeAll(step.removeAll);
    if ("restoreAll" in step) return rig.restoreAll(step.restoreAll);
    if ("interruptedUp" in step) return rig.interruptedUp(step.interruptedUp, step.afterMs);
    const handsOut = rig.resolver === Resolver.static || "resolver" in step.up;
    return handsOut ? ring.handingOut(() => rig.up(step.up)) : rig.up(step.up);
}

/** A step as a person would put it. */
export function told(step: Step): string {
    const [verb, what] = Object.entries(step as Record<string, unknown>)[0] ?? ["nothing", ""];
    return `${verb} ${JSON.stringify(what)}`;
}
