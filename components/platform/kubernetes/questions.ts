import type { Apis } from "./apis";
import { answer, type ApiServer, type Question } from "./request";

/** Asks the API server of one context, mostly about one namespace. */
export abstract class Questions {
    readonly context: string;
    readonly namespace: string;

    protected constructor(
        { context, namespace }: { context: string; namespace: string },
        protected readonly apis: Apis,
    ) {
        this.context = context;
        this.namespace = namespace;
    }

    /** Of the API server. */
    get address(): string {
        return this.apis.config.getCurrentCluster()?.server ?? "";
    }

    protected get server(): ApiServer {
        return { context: this.context, address: this.address };
    }

    protected askHere<T>(
        verb: Question["verb"],
        resource: string,
        request: (here: { namespace: string }) => Promise<T>,
    ): Promise<T | undefined> {
        const { namespace } = this;
        return this.ask({ verb, resource, namespace }, () => request({ namespace }));
    }

    protected ask<T>(question: Question, request: () => Promise<T>): Promise<T | undefined> {
        return answer(this.server, question, request);
    }
}
