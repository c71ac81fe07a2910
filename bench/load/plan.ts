import type { Access } from "../../verify/access";

/** What the generator sends, and for how long. */
export interface LoadPlan {
    /** Where to: each lb's OTLP over gRPC as "address:port"; requests take them all in turn. */
    grpc: string[];
    /** The same over HTTP, as "http://address:port". */
    http: string[];
    /** What the lbs ask of clients; absent: nothing. */
    access?: Access;
    /** Open loop: at a rate, whatever the answers; closed loop: as many requests under way as said, as fast as they go. */
    pace: { spansPerSecond: number } | { requestsUnderWay: number };
    shape: TrafficShape;
    /** It stops by itself after so long. */
    seconds: number;
    /** Set: every gateway stamps the spans with its name (`tiers.verify.run`), and they still go to the backends. */
    run?: string;
    /** Whether a refused request is sent again, with other spans, until a minute is over. */
    retries: boolean;
}

/** How spans come in requests: a group of traces sends a request now and another a little later, through another lb. */
export interface TrafficShape {
    /** Traces that share their requests. */
    tracesPerRequest: number;
    /** Spans of each of them in one request. */
    spansPerTrace: number;
    /** Requests until all traces of the group are complete. */
    requestsPerGroup: number;
    /** Between one request of a group and the next. */
    requestIntervalMs: number;
    /** Attributes of each span, of about 40 bytes each. */
    attributes: number;
}

/** 200 spans a second, ten traces to a request, as agents in front of several services would: every request goes to many gateways. */
export const faultTraffic: TrafficShape = {
    tracesPerRequest: 10,
    spansPerTrace: 1,
    requestsPerGroup: 4,
    requestIntervalMs: 300,
    attributes: 4,
};

/** What busy SDKs send: a hundred spans a request, ten attributes each, every trace in two requests. */
export const busyTraffic: TrafficShape = {
    tracesPerRequest: 20,
    spansPerTrace: 5,
    requestsPerGroup: 2,
    requestIntervalMs: 100,
    attributes: 10,
};

export const spansPerRequest = ({ tracesPerRequest, spansPerTrace }: TrafficShape) => tracesPerRequest * spansPerTrace;

/** What the generator tells while it runs, and at its end. */
export interface LoadProgress {
    /** Spans in requests that were made. */
    sent: number;
    acknowledged: number;
    /** Requests that were refused or not answered, by reason. */
    refused: Record<string, number>;
    /** Requests that were due while too many were under way, and so were never made. */
    heldBack: number;
    /** Requests that were never acknowledged, however often they were sent. */
    givenUp: number;
    /** CPU that the generator itself took, in seconds. */
    cpuSeconds: number;
}

export const noProgress: LoadProgress = {
    sent: 0,
    acknowledged: 0,
    refused: {},
    heldBack: 0,
    givenUp: 0,
    cpuSeconds: 0,
};
