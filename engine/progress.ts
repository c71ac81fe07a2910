import type { EngineEvent } from "@pulumi/pulumi/automation";

const verbs: Record<string, string> = {
    create: "created",
    update: "updated",
    "create-replacement": "created again",
    "delete-replaced": "removed the old",
    delete: "removed",
};

/** What a person knows as the thing that runs, on either platform; what only carries files never runs. */
const told = /^(?!.*:FileVolume\$).*:(Container|StatefulSet)$/;

/** What a platform says while it waits for a workload; providers talk too, about themselves. */
const howFar = /^\S+: \d+ of \d+ ready$/;

/** What the program warns of before anything is declared; the engine warns too, of what no person here can change. */
const warned = /^(the configuration of .+ was not validated beforehand|waived, and given up): /;

/** Tells what the engine does with each container or StatefulSet, what the program says and warns of meanwhile, and keeps what it says went wrong. */
export class Progress {
    readonly errors: string[] = [];
    private readonly started = new Map<string, number>();

    readonly event = ({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void => {
        if (resourcePreEvent) this.started.set(resourcePreEvent.metadata.urn, performance.now());
        if (resOutputsEvent) this.tell(resOutputsEvent.metadata.urn, resOutputsEvent.metadata.op);
        const said = withoutColors(diagnosticEvent?.message ?? "");
        if (howFar.test(said)) process.stderr.write(`  ${said}\n`);
        if (warned.test(said)) process.stderr.write(`  warning: ${said}\n`);
        if (diagnosticEvent?.severity === "error") this.errors.push(said);
    };

    private tell(urn: string, op: string): void {
        const [type = "", name = ""] = urn.split("::").slice(-2);
        const verb = verbs[op];
        if (!verb || !told.test(type)) return;
        const seconds = ((performance.now() - (this.started.get(urn) ?? performance.now())) / 1_000).toFixed(1);
        process.stderr.write(`  ${verb} ${name} (${seconds} s)\n`);
    }
}

/** The engine marks colours as <{%reset%}>. */
function withoutColors(message: string): string {
    return message.replace(/<\{%.*?%\}>/g, "").trim();
}
