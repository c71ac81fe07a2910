import type { Verdict } from "../check/verdict";
import type { Profile } from "../rigs/rig";

/** One scenario on one rig: a row of the JSON and of docs/reliability.md. */
export interface FaultRow extends Verdict {
    platform: "docker" | "kubernetes";
    resolver: string;
    profile: Profile;
    scenario: string;
    /** Requests that the client was refused, each sent again. */
    refused: number;
    seconds: number;
    /** Whether all bars held; of a negative control, whether it failed as it must. */
    passed: boolean;
    /** The bars that were missed, in a sentence each. */
    missed: string[];
    /** Why it did not run; then all numbers are 0. */
    skipped?: string;
    /** A negative control: it has to show loss or split traces. */
    control: boolean;
}

/** Where and with what it was measured. */
export interface Machine {
    cores: number;
    processor: string;
    memoryGiB: number;
    kernel: string;
    node: string;
    docker?: string;
    kubernetes?: string;
    collector: string;
    commit: string;
    date: string;
}
