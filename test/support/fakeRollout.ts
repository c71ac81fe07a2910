import { InvalidInput } from "../../components/errors";
import { untilRolledOut } from "../../components/platform/kubernetes/readiness";
import { FakeApiServer } from "./fakeApiServer";

/** What a test says of a pod; the rest is as in one that is ready. */
export interface FakePod {
    uid?: string;
    phase?: string;
    ready?: boolean;
    started?: boolean;
    restarts?: number;
    waiting?: { reason: string; message?: string };
    ended?: { reason?: string; message?: string; exitCode?: number };
    unschedulable?: string;
    claim?: string;
    isOld?: boolean;
    /** Ready, and not yet for minReadySeconds. */
    isFresh?: boolean;
    stopSeconds?: number;
}

const image = "otel-collector-tiers/collector:0.161.0";

/** A StatefulSet "gw" on a fake API server, and a clock that only runs while it is waited for. */
export class FakeRollout {
    /** Seconds since the wait began. */
    seconds = 0;
    readonly told: string[] = [];
    readonly pods = new Map<string, FakePod>();
    readonly spec = { replicas: 3, minReadySeconds: 2 };
    readonly status = { observedGeneration: 2, currentRevision: "new", updateRevision: "new" };
    generation = 2;
    isRemoved = false;
    private readonly events: object[] = [];
    private readonly plan: { at: number; change: () => void }[] = [];
    private readonly began = Date.now();

    private constructor(readonly server: FakeApiServer) {
        server.on("statefulsets/gw", () => (this.isRemoved ? undefined : this.statefulSet()));
        server.list("pods", () => [...this.pods].map(([name, pod]) => this.pod(name, pod)));
        server.list("events", () => this.events);
        server.list("persistentvolumeclaims", () =>
            [...this.pods.values()].flatMap(({ claim }) =>
                claim ? [{ metadata: { name: claim, uid: claim }, status: { phase: "Pending" } }] : [],
            ),
        );
    }

    static async start(): Promise<FakeRollout> {
        return new FakeRollout(await FakeApiServer.start());
    }

    /** Changes something that many seconds after the wait began. */
    at(seconds: number, change: () => void): this {
        this.plan.push({ at: seconds, change });
        return this;
    }

    set(name: string, pod: FakePod = {}): this {
        this.pods.set(name, pod);
        return this;
    }

    /** Something that happened this long after the wait began, or before it. */
    event(kind: string, name: string, reason: string, message: string, { at = 0, type = "Warning" } = {}): this {
        const lastTimestamp = new Date(this.began + at * 1_000).toISOString();
        const involvedObject = { kind, name, uid: this.pods.get(name)?.uid ?? name };
        this.events.push({ type, reason, message, involvedObject, metadata: {}, lastTimestamp });
        return this;
    }

    log(pod: string, text: string): this {
        this.server.on(`pods/${pod}/log`, text);
        return this;
    }

    /** @returns how it ended, as in "rolled out after 3 s" or "12 s: gw-0 does not stay up: ..." */
    async outcome(asked: { least?: number; exactly?: number } = {}): Promise<string> {
        this.pass(0);
        const watch = {
            pollMs: 500,
            lookMs: 1_000,
            now: () => this.began + this.seconds * 1_000,
            sleep: (milliseconds: number) => Promise.resolve(this.pass(milliseconds / 1_000)),
        };
        try {
            const cluster = await this.server.cluster();
            await untilRolledOut(
                cluster,
                { name: "gw", labelSelector: "app=gw", ...asked },
                (text) => this.told.push(text),
                watch,
            );
            return `rolled out after ${this.seconds} s`;
        } catch (error) {
            if (!(error instanceof InvalidInput)) throw error;
            return `${this.seconds} s: ${error.message}`;
        }
    }

    private pass(seconds: number): void {
        this.seconds += seconds;
        const due = this.plan.filter(({ at }) => at <= this.seconds);
        this.plan.splice(0, this.plan.length, ...this.plan.filter((step) => !due.includes(step)));
        for (const { change } of due) change();
    }

    private statefulSet(): object {
        const pods = [...this.pods.values()];
        return {
            metadata: { name: "gw", generation: this.generation },
            spec: this.spec,
            status: {
                replicas: pods.length,
                updatedReplicas: pods.filter(({ isOld }) => !isOld).length,
                readyReplicas: pods.filter(isReady).length,
                availableReplicas: pods.filter((pod) => isReady(pod) && !pod.isFresh).length,
                ...this.status,
            },
        };
    }

    private pod(name: string, pod: FakePod): object {
        const { uid = name, phase = "Running", isOld, waiting, ended, unschedulable, claim, stopSeconds } = pod;
        const state = waiting ? { waiting } : { running: {} };
        const startupProbe = { periodSeconds: 1, failureThreshold: 180 };
        return {
            metadata: {
                name,
                uid,
                labels: { "controller-revision-hash": isOld ? "old" : "new" },
                ...(stopSeconds && {
                    deletionTimestamp: "2026-01-01T00:00:00Z",
                    deletionGracePeriodSeconds: stopSeconds,
                }),
            },
            spec: {
                containers: [{ name: "gateway", image, resources: { limits: { memory: "64Mi" } }, startupProbe }],
                volumes: claim ? [{ name: "queue", persistentVolumeClaim: { claimName: claim } }] : [],
            },
            status: {
                phase,
                conditions: unschedulable
                    ? [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: unschedulable }]
                    : [{ type: "Ready", status: isReady(pod) ? "True" : "False" }],
                containerStatuses:
                    phase === "Pending" && !waiting
                        ? []
                        : [
                              {
                                  name: "gateway",
                                  image,
                                  ready: isReady(pod),
                                  started: pod.started ?? true,
                                  restartCount: pod.restarts ?? 0,
                                  state,
                                  lastState: ended ? { terminated: { exitCode: 1, ...ended } } : {},
                              },
                          ],
            },
        };
    }
}

const isReady = ({ ready, waiting, phase = "Running", stopSeconds }: FakePod): boolean =>
    (ready ?? (!waiting && phase === "Running")) && !stopSeconds;
