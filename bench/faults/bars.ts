import type { Bars, Place } from "./scenario";

/** Nothing changes. */
export const steady = (): Bars => ({ duplicated: 0, splitInside: 0 });

/** A ring that stands still waits for its gateway; one that changes may split what is under way. */
const ring = ({ affinity }: Place): Pick<Bars, "splitInside"> => ({ splitInside: affinity ? 0 : "as predicted" });

/** A gateway goes and says so, or all of them in turn. */
export const planned = (place: Place): Bars => ({
    duplicated: place.affinity || place.platform === "kubernetes" ? 0 : 0.005,
    ...ring(place),
});

/** Gateways are added and removed: every ring changes then. */
export const scaled = ({ platform }: Place): Bars => ({
    duplicated: platform === "kubernetes" ? 0 : 0.005,
    splitInside: "as predicted",
});

/** A gateway is asked to stop: on Kubernetes it leaves the ring first. */
export const stopped = (place: Place): Bars => ({ duplicated: place.affinity ? 0 : 0.005, ...ring(place) });

/** A gateway is gone without a word. */
export const killed = (place: Place): Bars => ({ duplicated: place.affinity ? 0 : 0.01, ...ring(place) });

/** Still there, and silent: whoever routes around it sends again. */
export const frozen = (place: Place): Bars => ({ duplicated: place.affinity ? 0 : undefined, ...ring(place) });

/** Whoever waits for an answer that was on its way when the other end died sends again. */
export const atLeastOnce = (): Bars => ({ splitInside: 0 });

/** The same while the ring changes too. */
export const anything = (): Bars => ({ splitInside: "as predicted" });
