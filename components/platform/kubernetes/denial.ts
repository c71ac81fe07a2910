/** What the API server does not let a pod do. */
export interface Denial {
    /** The log's line, with its time. */
    line: string;
    /** As in "its service account lb may not list endpointslices in the namespace telemetry". */
    told: string;
}

const denied =
    /User "system:serviceaccount:[^:"]+:(?<account>[^"]+)" cannot (?<verb>\w+) resource "(?<resource>[^"]+)"(?:.*? in the namespace "(?<namespace>[^"]+)")?/;

/** The last thing of which a log says that the API server forbids it. */
export function lastDenial(log: string): Denial | undefined {
    const lines = log.replaceAll("\\", "").split("\n");
    const line = lines.findLast((line) => line.includes("is forbidden") && denied.test(line)) ?? "";
    const { account, verb, resource, namespace } = denied.exec(line)?.groups ?? {};
    if (!account) return undefined;
    const where = namespace ? ` in the namespace ${namespace}` : "";
    return { line, told: `its service account ${account} may not ${verb} ${resource}${where}` };
}
