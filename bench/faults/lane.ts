import { Resolver } from "../../components";
import { emptyVerdict } from "../check/verdict";
import type { FaultRow } from "../report/row";
import { DockerRig } from "../rigs/dockerRig";
import { KubernetesRig } from "../rigs/kubernetesRig";
import { ReferenceRig } from "../rigs/referenceRig";
import type { Profile, Rig, Settings } from "../rigs/rig";
import { type Sink, startSink } from "../sink/sink";
import type { Turns } from "./turns";
import { rowOf, runScenario } from "./runScenario";
import type { Platform, Scenario } from "./scenario";

/** One rig, and what is done to it, one thing after another. */
export interface Lane {
    platform: Platform;
    resolver: Resolver;
    profile: Profile;
    scenarios: Scenario[];
    /** It waits for minutes and takes little CPU meanwhile. */
    mostlyWaits?: boolean;
}

export interface LaneTools {
    /** Where rigs reach sinks on this machine. */
    bridge: string;
    /** Ends the scenario that is under way, and takes the rig down. */
    signal: AbortSignal;
    /** Those that take the whole machine wait for all others, and all others for them. */
    turns: Turns;
    tell: (text: string) => void;
    /** Called with each row as soon as it is known. */
    row: (row: FaultRow) => void;
}

export const laneName = ({ platform, resolver, profile }: Lane) => `${platform} ${resolver} ${profile}`;

/** Runs a lane to its end; a rig that fails fails its scenario, and the next has a new one. */
export async function runLane(lane: Lane, { bridge, signal, turns, tell, row }: LaneTools): Promise<void> {
    const sink = await startSink(bridge);
    let rig: Rig | undefined;
    let settings = "";
    const drop = async () => {
        await rig?.destroy();
        rig = undefined;
        settings = "";
    };
    try {
        for (const scenario of lane.scenarios) {
            signal.throwIfAborted();
            const say = (text: string) => tell(`${laneName(lane)}: ${scenario.name}: ${text}`);
            try {
                rig ??= await openRig(lane, sink, scenario.diskMiB);
                const wanted = scenario.settings ?? {};
                if (settings !== JSON.stringify(wanted)) await rig.up(wanted);
                settings = scenario.steps.some((step) => "up" in step) ? "" : JSON.stringify(wanted);
                await sink.mode("take");
                const tools = { rig, sink, signal, tell: say };
                const seen = await turns.take(scenario.alone ?? false, () => runScenario(scenario, tools));
                row(seen);
                if (!seen.passed || seen.lost > 0) await drop(); // what it owes would turn up in the next scenario
            } catch (error) {
                signal.throwIfAborted();
                row(brokenRow(scenario, lane, (error as Error).message));
                await drop().catch((reason: Error) => say(reason.message));
            }
        }
    } finally {
        await drop();
        await sink.close();
    }
}

function openRig({ platform, resolver, profile }: Lane, sink: Sink, diskMiB?: number): Promise<Rig> {
    if (profile === "default") return ReferenceRig.create(sink.endpoint.grpc.replace("http://", ""));
    // One resolver's backend takes gRPC and the other's HTTP, so that outages are seen in both protocols.
    const protocol = resolver === Resolver.static ? "grpc" : "http";
    const settings: Settings = { backends: [{ endpoint: sink.endpoint[protocol], protocol }] };
    if (platform === "docker") return DockerRig.create({ resolver, settings, diskMiB });
    return KubernetesRig.create({ resolver, settings });
}

/** A row without numbers. */
export function emptyRow(scenario: Scenario, lane: Lane) {
    return { ...rowOf(scenario, lane), ...emptyVerdict, refused: 0, seconds: 0 };
}

function brokenRow(scenario: Scenario, lane: Lane, reason: string): FaultRow {
    return { ...emptyRow(scenario, lane), passed: false, missed: [`it broke off: ${reason}`] };
}
