import { untilDrained } from "../faults/settle";
import { busyTraffic, type TrafficShape } from "../load/plan";
import { percent, thousands } from "../report/numbers";
import { type Loaded, runLoad, type Tools } from "./load";
import { RateSearch, type SearchRange } from "./rateSearch";
import { queuedIn, type Subject } from "./subject";

const range: SearchRange = { first: 8_000, step: 1.5, closeness: 1.05, least: 500, most: 200_000 };
const seconds = 8;
const shape = busyTraffic;
/** How long after the load the last span may arrive. */
const latestMs = 2_000;
/** The generator begins no more requests once its time is over, so the last few that were due may be missing. */
const leastOffered = 0.99;
const patience = { retriesMs: latestMs, arrivalMs: latestMs };
const drainMs = 120_000;

/** The highest rate without loss of each subject; the searches take turns, so that the machine is the same for all. */
export async function highestRates<T extends Subject>(subjects: T[], tools: Tools): Promise<Map<T, number>> {
    const searches = new Map(subjects.map((subject) => [subject, new RateSearch(range)]));
    while ([...searches.values()].some(({ next }) => next !== undefined)) {
        for (const [subject, search] of searches) {
            const rate = search.next;
            if (rate === undefined) continue;
            const loaded = await runLoad(subject, { spansPerSecond: rate, seconds, shape, patience }, tools);
            const reasons = whyNot(loaded, { rate, seconds, shape });
            search.record(rate, reasons.length === 0);
            const generator = `the generator took ${percent(loaded.generatorCpuSeconds, seconds)} of a core`;
            tools.tell(
                `${subject.name} at ${thousands(rate)} spans/s: ${[...(reasons.length > 0 ? reasons : ["holds"]), generator].join(", ")}`,
            );
            if (reasons.length > 0) await drained(subject, tools);
        }
    }
    return new Map([...searches].map(([subject, { found }]) => [subject, found]));
}

/** Waits until nothing is queued and nothing arrives any more. @returns what is queued in the end */
export function drained(subject: Subject, { sink, signal }: Tools): Promise<number> {
    const queued = () => {
        signal.throwIfAborted();
        return queuedIn(subject);
    };
    return untilDrained({ queued }, sink, { deadlineMs: drainMs });
}

/** Why a load was more than its subject holds, in words; empty where it holds. */
export function whyNot(
    {
        verdict,
        heldBack,
        givenUp,
        firstSentAt,
        lastArrivedAt,
    }: Pick<Loaded, "verdict" | "heldBack" | "givenUp" | "firstSentAt" | "lastArrivedAt">,
    { rate, seconds, shape }: { rate: number; seconds: number; shape: TrafficShape },
): string[] {
    const ends = firstSentAt + 1_000 * seconds + shape.requestIntervalMs * (shape.requestsPerGroup - 1);
    const acknowledgedRate = verdict.acknowledged / seconds;
    const more = (count: number, what: string) => (count > 0 ? [`${thousands(count)} ${what}`] : []);
    return [
        ...more(heldBack, "requests held back"),
        ...more(givenUp, "requests never acknowledged"),
        ...more(verdict.lost, "acknowledged spans not there in time"),
        ...more(Math.ceil(lastArrivedAt - ends - latestMs), "ms too late"),
        ...(acknowledgedRate < leastOffered * rate ? [`only ${thousands(acknowledgedRate)} spans/s were sent`] : []),
    ];
}
