import type { Report } from "../verify/report";
import { picture } from "./picture";
import type { StackOutputs } from "../engine/stack";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const spans = (count: number) => `${count} ${count === 1 ? "span" : "spans"}`;

/** The result of `verify`, for people. */
export function reportText({ acknowledged, arrived, lost, duplicated, split, shares }: Report): string {
    return [
        `  acknowledged ${spans(acknowledged)}, arrived ${arrived}, lost ${lost}, duplicated ${duplicated}`,
        `  traces on more than one gateway: ${split}`,
        `  traces of each gateway: ${Object.entries(shares)
            .map(([gateway, share]) => `${gateway} ${percent(share)}`)
            .join(", ")}`,
    ].join("\n");
}

/** Whether a stack kept what it promises. */
export const isWhole = ({ acknowledged, lost, split }: Report) => acknowledged > 0 && lost === 0 && split === 0;

/** Where things are, and what to do next. */
export function endText(stack: string, outputs: StackOutputs, ring: number[]): string {
    const { grpc, http, metrics, gateways, waived } = outputs;
    const start = stack === "dev" ? "npm start" : `npm start -- --stack ${stack}`;
    const option = stack === "dev" ? "" : ` --stack ${stack}`;
    const more = `npm run pulumi -- config set gateways ${gateways.length + 2}${option} && ${start}`;
    const isCounted = gateways.length > 0;
    return [
        picture(outputs),
        "",
        `  OTLP over gRPC   ${grpc.join("  ")}`,
        `  OTLP over HTTP   ${http.join("  ")}`,
        ...(metrics.length > 0 ? [`  lb metrics       ${metrics.join("  ")}`] : []),
        `  backends in the ring of each lb: ${ring.join(", ")}${isCounted ? ` of ${gateways.length}` : ""}`,
        ...waived.map((text) => `  given up         ${text}`),
        "",
        "Next:",
        ...sendYourOwn(outputs),
        ...(isCounted ? [`  scale             ${more}`] : []),
        `  take it down      npm run destroy${stack === "dev" ? "" : ` -- --stack ${stack}`}`,
    ].join("\n");
}

function sendYourOwn({ platform, location, http }: StackOutputs): string[] {
    const send = `  send your own     OTEL_EXPORTER_OTLP_ENDPOINT=${http[0]} <your program>`;
    if (platform !== "kubernetes") return [send];
    const { context, namespace } = location;
    const forward = `kubectl --context ${context} --namespace ${namespace} port-forward service/load-balancer 4317 4318`;
    const isInside = http[0]?.includes(".svc:");
    return isInside ? [`${send}, in the cluster`, `  from this machine ${forward}`] : [send];
}
