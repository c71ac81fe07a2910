// The generator's process: `main.ts PLAN LEDGER`, with the plan as JSON.
import { setTimeout as delay } from "node:timers/promises";
import { grpcConnection, httpConnection, type OtlpConnection } from "../../verify/otlp";
import { sayLast } from "../process";
import { Recorder } from "../recorder";
import { sentBytes } from "../records";
import type { GeneratorMessage } from "./generator";
import { fillRequest, newTraceIds, requestTemplate } from "./payload";
import { type LoadPlan, type LoadProgress, noProgress, spansPerRequest } from "./plan";

const mostUnderWay = 2_000;
const giveUpMs = 60_000;
const retryMs = { first: 100, most: 1_000 };
const progressMs = 500;

class Load {
    readonly progress: LoadProgress = { ...noProgress, refused: {} };
    private readonly template;
    private readonly endpoints: OtlpConnection[];
    private readonly underWay = new Set<Promise<void>>();
    private readonly ends: number;
    private stopped = false;

    constructor(
        private readonly plan: LoadPlan,
        private readonly ledger: Recorder,
    ) {
        this.template = requestTemplate(plan.shape, plan.run);
        const { access } = plan;
        this.endpoints = [
            ...plan.grpc.map((endpoint) => grpcConnection(endpoint, access)),
            ...plan.http.map((endpoint) => httpConnection(endpoint, "application/x-protobuf", access)),
        ];
        this.ends = Date.now() + plan.seconds * 1_000;
    }

    async run(): Promise<void> {
        const { pace } = this.plan;
        await ("spansPerSecond" in pace ? this.openLoop(pace.spansPerSecond) : this.closedLoop(pace.requestsUnderWay));
        while (this.underWay.size > 0) await Promise.all(this.underWay); // a group that is under way adds requests
        for (const endpoint of this.endpoints) endpoint.close();
    }

    stop(): void {
        this.stopped = true;
    }

    private get isOver(): boolean {
        return this.stopped || Date.now() >= this.ends;
    }

    private async openLoop(spansPerSecond: number): Promise<void> {
        const { shape } = this.plan;
        const groupMs = (1_000 * spansPerRequest(shape) * shape.requestsPerGroup) / spansPerSecond;
        const started = performance.now();
        for (let group = 0; !this.isOver; group++) {
            const due = started + group * groupMs;
            if (due > performance.now()) await delay(due - performance.now());
            if (this.underWay.size > mostUnderWay) this.progress.heldBack += shape.requestsPerGroup;
            else this.track(this.sendGroup(group));
        }
    }

    private async sendGroup(group: number): Promise<void> {
        const { tracesPerRequest, requestsPerGroup, requestIntervalMs } = this.plan.shape;
        const traceIds = newTraceIds(tracesPerRequest);
        for (let request = 0; request < requestsPerGroup; request++) {
            if (request > 0) await delay(requestIntervalMs);
            this.track(this.send(traceIds, group + request));
        }
    }

    private async closedLoop(requestsUnderWay: number): Promise<void> {
        const { tracesPerRequest, requestsPerGroup } = this.plan.shape;
        const sender = async (turn: number) => {
            for (let group = turn; !this.isOver; group++) {
                const traceIds = newTraceIds(tracesPerRequest);
                for (let request = 0; request < requestsPerGroup; request++) await this.send(traceIds, group + request);
            }
        };
        await Promise.all(Array.from({ length: requestsUnderWay }, (_, turn) => sender(turn)));
    }

    private track(work: Promise<void>): void {
        this.underWay.add(work);
        void work.finally(() => this.underWay.delete(work));
    }

    /** Each attempt has spans of its own: one that was taken in and not acknowledged is then neither lost nor doubled. */
    private async send(traceIds: Buffer[], turn: number): Promise<void> {
        const deadline = Date.now() + giveUpMs;
        for (let attempt = turn, pause = retryMs.first; Date.now() < deadline; attempt++) {
            if (await this.attempt(traceIds, attempt % this.endpoints.length)) return;
            if (!this.plan.retries || this.stopped) break;
            await delay(pause);
            pause = Math.min(pause * 2, retryMs.most);
        }
        this.progress.givenUp++;
    }

    private async attempt(traceIds: Buffer[], index: number): Promise<boolean> {
        const endpoint = this.endpoints[index];
        if (!endpoint) throw new Error("there is no endpoint to send to");
        const { body, ids } = fillRequest(this.template, traceIds);
        const { progress } = this;
        const sentAt = now();
        progress.sent += ids.length;
        const reason = await endpoint.post(body).then(
            () => undefined,
            (error: Error) => error.message,
        );
        const acknowledgedAt = reason === undefined ? now() : 0;
        if (reason === undefined) progress.acknowledged += ids.length;
        else progress.refused[reason] = (progress.refused[reason] ?? 0) + 1;
        for (const { traceId, spanId } of ids) {
            this.ledger.add((chunk, at) => {
                traceId.copy(chunk, at);
                spanId.copy(chunk, at + 16);
                chunk.writeDoubleLE(sentAt, at + 24);
                chunk.writeDoubleLE(acknowledgedAt, at + 32);
                chunk.writeUInt8(index, at + 40);
            });
        }
        return reason === undefined;
    }
}

/** Finer than Date.now(), on the same clock for every process of this machine. */
const now = () => performance.timeOrigin + performance.now();

async function main([plan = "", file = ""]: string[]): Promise<void> {
    const ledger = new Recorder(file, sentBytes);
    const load = new Load(JSON.parse(plan) as LoadPlan, ledger);
    process.on("message", () => load.stop());
    process.on("disconnect", () => process.exit(1));
    const message = (type: GeneratorMessage["type"]): GeneratorMessage => {
        const { user, system } = process.cpuUsage();
        return { type, progress: { ...load.progress, cpuSeconds: (user + system) / 1e6 } };
    };
    const telling = setInterval(() => process.send?.(message("progress")), progressMs);
    await load.run();
    clearInterval(telling);
    ledger.close();
    sayLast(message("done"));
}

void main(process.argv.slice(2));
