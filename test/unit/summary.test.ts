import { describe, expect, it } from "vitest";
import { picture } from "../../commands/picture";
import { endText } from "../../commands/summary";
import { stackOutputs } from "../support/stackOutputs";

const onCluster = (over: Parameters<typeof stackOutputs>[0] = {}) =>
    stackOutputs({
        platform: "kubernetes",
        location: { context: "prod", namespace: "telemetry", prefix: "otel-collector-tiers-k8s" },
        resolver: "k8s",
        grpc: ["load-balancer.telemetry.svc:4317"],
        http: ["http://load-balancer.telemetry.svc:4318"],
        metrics: [],
        tap: "",
        ...over,
    });

/** What stands under the picture. */
const linesUnder = (stack: string, outputs: ReturnType<typeof stackOutputs>, ring: number[]) =>
    endText(stack, outputs, ring).replace(picture(outputs), "").trim().split("\n");

describe("the end of a start", () => {
    it("on Docker says where everything is, and what to do next", () => {
        expect(linesUnder("dev", stackOutputs(), [3])).toEqual([
            "OTLP over gRPC   127.0.0.1:4317",
            "  OTLP over HTTP   http://127.0.0.1:4318",
            "  lb metrics       http://127.0.0.1:8888/metrics",
            "  backends in the ring of each lb: 3 of 3",
            "",
            "Next:",
            "  send your own     OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 <your program>",
            "  scale             npm run pulumi -- config set gateways 5 && npm start",
            "  take it down      npm run destroy",
        ]);
    });

    it("says what the stack gives up", () => {
        const waived = ["topology/limits-grow: a promise", "custody/lb-queue-on-disk: another"];
        const lines = linesUnder("dev", stackOutputs({ waived }), [3]);
        expect(lines.filter((line) => line.startsWith("  given up"))).toEqual([
            "  given up         topology/limits-grow: a promise",
            "  given up         custody/lb-queue-on-disk: another",
        ]);
    });

    it("names another stack than dev in every command", () => {
        expect(linesUnder("two", stackOutputs(), [3, 3]).slice(-5)).toEqual([
            "",
            "Next:",
            "  send your own     OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 <your program>",
            "  scale             npm run pulumi -- config set gateways 5 --stack two && npm start -- --stack two",
            "  take it down      npm run destroy -- --stack two",
        ]);
    });

    it("on Kubernetes says how to reach it in the cluster, and from this machine", () => {
        expect(linesUnder("k8s", onCluster(), [3, 3])).toEqual([
            "OTLP over gRPC   load-balancer.telemetry.svc:4317",
            "  OTLP over HTTP   http://load-balancer.telemetry.svc:4318",
            "  backends in the ring of each lb: 3, 3 of 3",
            "",
            "Next:",
            "  send your own     OTEL_EXPORTER_OTLP_ENDPOINT=http://load-balancer.telemetry.svc:4318 <your program>, in the cluster",
            "  from this machine kubectl --context prod --namespace telemetry port-forward service/load-balancer 4317 4318",
            "  scale             npm run pulumi -- config set gateways 5 --stack k8s && npm start -- --stack k8s",
            "  take it down      npm run destroy -- --stack k8s",
        ]);
    });

    it("leaves scaling to the scaler where there is one", () => {
        const lines = linesUnder("k8s", onCluster({ gateways: [] }), [4, 4]);
        expect(lines).toContain("  backends in the ring of each lb: 4, 4");
        expect(lines.filter((line) => line.startsWith("  scale"))).toEqual([]);
    });
});
