import type { LoadPlan, TrafficShape } from "../load/plan";
import type { Profile, Rig, Settings, Tier } from "../rigs/rig";
import type { SinkMode } from "../sink/sink";

export type Platform = Rig["platform"];

/** A replica by its tier and its place in it, from 0. */
export type Target = readonly [Tier, number];

/** What happens to a rig while traffic goes through it. */
export type Step =
    | { wait: number }
    | { stop: Target }
    | { kill: Target }
    | { start: Target }
    | { pause: Target }
    | { resume: Target }
    | { removeAll: Tier }
    | { restoreAll: Tier }
    | { up: Settings }
    | { interruptedUp: Settings; afterMs: number }
    | { backend: SinkMode };

/** What may become of the spans at most. Lost, invented, misrouted and split outside are always to be 0. */
export interface Bars {
    /** Part of the acknowledged spans that may arrive twice; undefined: any, and it is shown. */
    duplicated?: number;
    /** Traces that may be split while the ring changes. */
    splitInside: 0 | "as predicted";
}

/** Where a scenario runs, for bars that differ. */
export interface Place {
    platform: Platform;
    /** Whether the ring stands still while a gateway is away. */
    affinity: boolean;
}

export interface Scenario {
    name: string;
    /** @default - both */
    platforms?: Platform[];
    /** Why it makes no sense elsewhere. */
    elsewhere?: string;
    /** @default - custody */
    profiles?: Profile[];
    /** The settings it begins with, over the rig's own. */
    settings?: Settings;
    steps: Step[];
    /** @default - 200 spans a second in requests of ten traces */
    traffic?: { pace: LoadPlan["pace"] | "twice the sustainable load"; shape: TrafficShape };
    /** How long traffic goes on at least. */
    seconds: number;
    bars: (place: Place) => Bars;
    /** What has to be seen, or the scenario did not do what it says. */
    mustShow?: "refusals";
    /** No more than one gateway may be out of the ring. */
    oneAtATime?: boolean;
    /** A negative control: it passes when this is seen. */
    control?: "loss" | "splits";
    /** Takes the whole machine. */
    alone?: boolean;
    /** Part of the ten minutes that CI has for the lab. */
    inSubset?: boolean;
    /** Disks of the queues, in MiB; 0 is those that the rig has. */
    diskMiB?: number;
}
