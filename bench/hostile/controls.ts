import { Resolver } from "../../components";
import { ports } from "../../components/collector/ports";
import { untilWhole } from "../faults/settle";
import { DockerRig } from "../rigs/dockerRig";
import { sendByContainer } from "../rigs/outsider";
import { PlainCollector } from "../rigs/plainCollector";
import { startSink } from "../sink/sink";
import type { Running } from "../rigs/stackContainers";
import type { Attack } from "./attack";
import { bombsAndNone } from "./attacks/bombs";
import { behindLbs, withoutCertificate } from "./attacks/ports";
import { tokens } from "./attacks/tokens";
import { controlRow, type HostileRow } from "./row";
import { besiege, type SiegeTools, targetOf, watch } from "./siege";

/** What has to miss its bars, or this lab sees nothing. */
export async function runControls(bridge: string, signal: AbortSignal): Promise<HostileRow[]> {
    return [...(await openStack(bridge, { signal, tell: () => undefined })), await liveBombs(signal)];
}

/** An attack, where it has to get through, and what it then has to miss. */
interface Control {
    attack: Attack;
    where: string;
    mustMiss: RegExp;
}

function controlsAt(rig: DockerRig, inside: Running[]): Control[] {
    const lb = inside.find(({ replica }) => replica.startsWith("load-balancer"));
    const neighbour: Attack = {
        name: "telemetrygen",
        sends: "a trace",
        allows: ["unreachable"],
        run: async () => {
            const sent = await sendByContainer([`${lb?.address}:${ports.otlpGrpc}`], rig.network);
            return sent.map(({ delivered, said }) =>
                delivered ? { taken: "accepted", said: "delivered" } : { taken: "unreachable", said },
            );
        },
    };
    return [
        ...tokens.slice(0, 1).map((attack) => ({
            attack,
            where: "at an open ingress",
            mustMiss: / of its spans arrived at the backend/,
        })),
        { attack: neighbour, where: "on the network of an open ingress", mustMiss: /accepted \(delivered\)/ },
        { attack: withoutCertificate(behindLbs(inside)), where: "without mTLS", mustMiss: /unanswered \(left open\)/ },
    ];
}

/** Where nobody asks for anything, everybody is let in. */
async function openStack(bridge: string, tools: SiegeTools): Promise<HostileRow[]> {
    const sink = await startSink(bridge);
    const backends = [{ endpoint: sink.endpoint.grpc, protocol: "grpc" }];
    const settings = { loadBalancers: 1, gateways: 1, backends, mtls: "off" };
    const rig = await DockerRig.create({ resolver: Resolver.static, settings });
    try {
        await rig.up({});
        await untilWhole(rig, tools.signal);
        const controls = controlsAt(rig, await rig.inside());
        const turns = controls.map(({ attack }) => [attack]);
        const { seen } = await besiege(rig, sink, turns, tools);
        return seen.flatMap((one, index) => {
            const control = controls[index];
            if (!control) return [];
            const { attack, where, mustMiss } = control;
            return [controlRow({ ...attack, name: `control: ${attack.name}, ${where}` }, one, mustMiss)];
        });
    } finally {
        await rig.destroy();
        await sink.close();
    }
}

/** The same bombs at a collector whose limits have been lifted. */
async function liveBombs(signal: AbortSignal): Promise<HostileRow> {
    const [gzip] = bombsAndNone.filter(({ name }) => name === "bomb, HTTP, gzip");
    const collector = await PlainCollector.start();
    try {
        const bomb = { ...(gzip as Attack), name: "control: bomb, HTTP, gzip, at a collector without limits" };
        const [watched] = await watch(collector, targetOf(collector.clients()), [bomb], 0, signal);
        const nobody = { sent: 1, acknowledged: 1, lost: 0 };
        const { answers = [], memory = {}, crashes = [] } = watched ?? {};
        return controlRow(bomb, { answers, memory, crashes, good: nobody, arrived: 0 }, /out of memory| used \d+ MiB/);
    } finally {
        await collector.destroy();
    }
}
