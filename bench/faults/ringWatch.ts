import { setTimeout as delay } from "node:timers/promises";
import { Resolver } from "../../components";
import type { RingSpell } from "../check/verdict";
import type { Rig } from "../rigs/rig";

/** On Docker each look is a question to the engine; on Kubernetes a watch has the answer. */
const pollMs = { docker: 200, kubernetes: 50 };
/** How much later than an lb this process may learn of a change. */
const lateMs = { docker: 200, kubernetes: 1_000 };

/** How long after a ring has changed its last lb may still route by the one before, at least. */
function lagMs({ platform, resolver }: Rig): number {
    if (resolver === Resolver.static) return 0;
    if (resolver === Resolver.k8s) return 2_000; // the watch of the endpoints
    return platform === "docker" ? 1_000 : 8_000; // questions to the DNS, and how long its answers are kept
}

/** The history of a rig's ring, watched from outside while other things happen to it. */
export class RingWatch {
    private readonly spells: RingSpell[];
    private readonly stopping = new AbortController();
    private readonly watching: Promise<void>;
    /** Since when lbs are being given another list, one after the other. */
    private handedOutSince: number | undefined;

    private constructor(
        private readonly rig: Rig,
        first: Record<string, string>,
    ) {
        const now = Date.now();
        this.spells = [{ from: now, settled: now, endpoints: first }];
        this.watching = this.watch();
    }

    static async start(rig: Rig): Promise<RingWatch> {
        return new RingWatch(rig, await rig.ring());
    }

    /** While lists are handed out, a ring may be in use long before it can be seen from outside. */
    async handingOut(act: () => Promise<void>): Promise<void> {
        this.handedOutSince = Date.now();
        try {
            await act();
            await this.look(this.handedOutSince);
        } finally {
            this.handedOutSince = undefined;
        }
    }

    async stop(): Promise<RingSpell[]> {
        this.stopping.abort();
        await this.watching;
        return this.spells;
    }

    private async watch(): Promise<void> {
        for (let last = Date.now(); !this.stopping.signal.aborted;) {
            await delay(pollMs[this.rig.platform]);
            const began = Date.now();
            if (this.handedOutSince === undefined)
                await this.look(last - lateMs[this.rig.platform]).catch(() => undefined); // the next look sees it
            last = began;
        }
    }

    /** @param since a ring that is new has been in use since then at the earliest */
    private async look(since: number): Promise<void> {
        const endpoints = await this.rig.ring();
        if (!same(this.spells.at(-1)?.endpoints, endpoints)) {
            this.spells.push({ from: since, settled: Infinity, endpoints });
        }
        await this.settle();
    }

    private async settle(): Promise<void> {
        const open = this.spells.filter(({ settled }) => settled === Infinity);
        const last = open.at(-1);
        if (!last || Date.now() < last.from + lagMs(this.rig)) return;
        const size = Object.keys(last.endpoints).length;
        const views = await this.rig.ringViews();
        if (views.length === 0 || views.some(({ backends }) => backends !== size)) return;
        for (const spell of open) spell.settled = Date.now();
    }
}

const same = (one: Record<string, string> | undefined, other: Record<string, string>) =>
    JSON.stringify(Object.entries(one ?? {}).sort()) === JSON.stringify(Object.entries(other).sort());
