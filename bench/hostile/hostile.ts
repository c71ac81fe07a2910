import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { Resolver } from "../../components";
import { untilWhole } from "../faults/settle";
import { DockerRig } from "../rigs/dockerRig";
import { startSink } from "../sink/sink";
import type { Attack } from "./attack";
import { subsetOf, turnsAgainst } from "./attacks";
import type { Surroundings } from "./attacks/ports";
import { runControls } from "./controls";
import { type HostileRow, rowOf } from "./row";
import { besiege, type SiegeTools } from "./siege";

export interface HostileTools extends SiegeTools {
    /** This machine's address on Docker's bridge. */
    bridge: string;
    /** Only what a minute or two has room for. */
    subset?: boolean;
}

/** A closed ingress: TLS, and a token that nobody else has. */
const closed = () => ({
    clientTls: "generated",
    clientTokens: [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")],
});

/** Brings up what `npm start` does, with its ingress closed, and attacks it; then shows that all of it could fail. */
export async function runHostile(tools: HostileTools): Promise<HostileRow[]> {
    const { bridge, subset = false, signal, tell } = tools;
    const sink = await startSink(bridge);
    const settings = { loadBalancers: 1, backends: [{ endpoint: sink.endpoint.grpc, protocol: "grpc" }] };
    const rig = await DockerRig.create({ resolver: Resolver.static, settings: { ...settings, ...closed() } });
    try {
        await rig.up({});
        await untilWhole(rig, signal);
        const all = turnsAgainst(await surroundingsOf(rig));
        const turns = subset ? subsetOf(all) : all;
        const { seen, good, strangers } = await besiege(rig, sink, turns, tools);
        const attacks = turns.flat();
        const rows = seen.map((one, index) => rowOf(attacks[index] as Attack, one));
        tell("negative controls, which have to fail");
        return [...rows, wholeRow(rows, good, strangers), ...(await runControls(bridge, signal))];
    } finally {
        await rig.destroy();
        await sink.close();
    }
}

async function surroundingsOf(rig: DockerRig): Promise<Surroundings> {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const elsewhere = addresses.filter(({ family, internal }) => family === "IPv4" && !internal);
    return {
        elsewhere: elsewhere.map(({ address }) => address),
        operators: rig.operators(),
        inside: await rig.inside(),
    };
}

/** From the first span of the good clients to the last, whatever happened between two attacks. */
function wholeRow(rows: HostileRow[], good: HostileRow["good"], strangers: number): HostileRow {
    const most = rows.reduce((one, other) => (other.memoryPeak > one.memoryPeak ? other : one));
    const attack: Attack = {
        name: "the whole run",
        sends: `${rows.length} attacks`,
        allows: [],
        run: () => Promise.resolve([]),
    };
    const seen = {
        answers: [{ taken: "refused", said: "refused" } as const],
        memory: most.memory,
        crashes: [],
        good,
        arrived: 0,
    };
    const row = rowOf({ ...attack, allows: ["refused"] }, seen);
    const missed =
        strangers > 0 ? [...row.missed, `${strangers} spans arrived that nobody sent through the lb`] : row.missed;
    return { ...row, answers: {}, missed, passed: missed.length === 0 };
}
