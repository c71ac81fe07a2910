// What `npm audit` finds, and whether somebody has explained why it may stay for now.
import { spawn } from "node:child_process";
import { z } from "zod";
import { InvalidInput } from "../components/errors";

/** One advisory about one package. */
export interface Finding {
    /** As in GHSA-xxxx-xxxx-xxxx. */
    id: string;
    package: string;
    severity: string;
    title: string;
}

/** Why a finding may stay. */
export interface Explanation {
    id: string;
    reason: string;
    /** The last day on which it may, as in 2027-01-31. */
    until: string;
}

export type Audit = { findings: Finding[] } | { refused: string };

const report = z.object({
    auditReportVersion: z.literal(2),
    vulnerabilities: z.record(
        z.string(),
        // A text is the name of another entry, through which the package is affected.
        z.object({
            via: z.array(
                z.union([
                    z.string(),
                    z.object({ name: z.string(), severity: z.string(), title: z.string(), url: z.string() }),
                ]),
            ),
        }),
    ),
});
const refusal = z.object({ message: z.string() });

/**
 * Asks the registry about what is in a folder's lock file.
 * @returns refused, with the reason, where the registry does not answer such questions or none is reached
 * @throws InvalidInput when npm says anything else
 */
export async function audit(folder: string, options: string[] = []): Promise<Audit> {
    const args = ["audit", "--json", "--package-lock-only", "--fetch-retries=0", ...options];
    return auditOf(await outputOf("npm", args, folder));
}

/** @param output of `npm audit --json` @throws InvalidInput when it is neither a report nor a registry's refusal */
export function auditOf(output: string): Audit {
    const said = parsed(output);
    const found = report.safeParse(said);
    if (found.success) return { findings: findingsIn(found.data) };
    const refused = refusal.safeParse(said);
    if (refused.success) return { refused: refused.data.message.replace(/https?:\/\/\S+/g, "the registry") };
    throw new InvalidInput(`npm audit says what is no report: ${output.trim().slice(0, 300) || "nothing"}`);
}

/** @returns a sentence for each finding that nobody explains, or no longer, and for each explanation of nothing */
export function openFindings(findings: Finding[], explanations: Explanation[], today: string): string[] {
    const unexplained = findings.flatMap(({ id, package: name, severity, title }) => {
        const explanation = explanations.find((one) => one.id === id);
        if (explanation && explanation.until >= today) return [];
        const why = explanation ? `was explained until ${explanation.until}` : "is not explained";
        return [`${id} in ${name} (${severity}: ${title}) ${why}`];
    });
    const idle = explanations.filter(({ id }) => !findings.some((one) => one.id === id));
    return [...unexplained, ...idle.map(({ id }) => `${id} is explained and not found any more`)];
}

function findingsIn({ vulnerabilities }: z.infer<typeof report>): Finding[] {
    const all = Object.values(vulnerabilities).flatMap(({ via }) => via);
    const findings = all.flatMap((one) =>
        typeof one === "string"
            ? []
            : [{ id: one.url.split("/").pop() ?? "", package: one.name, severity: one.severity, title: one.title }],
    );
    return [...new Map(findings.map((one) => [`${one.id} ${one.package}`, one])).values()];
}

function parsed(output: string): unknown {
    try {
        return JSON.parse(output);
    } catch {
        return undefined;
    }
}

/** What a program writes, whatever its exit code: npm's is 1 for findings, too. */
function outputOf(program: string, args: string[], cwd: string): Promise<string> {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "ignore"] });
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
        child.on("error", reject);
        child.on("close", () => resolve(output));
    });
}
