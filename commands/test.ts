import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const vitest = join(__dirname, "../node_modules/vitest/vitest.mjs");

interface Results {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    testResults: { assertionResults: { status: string }[]; status: string }[];
}

/** Runs everything that this machine can run; the last line counts it. Arguments go to vitest. */
export async function main(args: string[]): Promise<number> {
    const folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-test-"));
    const file = join(folder, "results.json");
    try {
        const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
        const code = await run([vitest, "run", ...reporters, ...args]);
        const { numPassedTests, numPendingTests, numFailedTests, testResults } = JSON.parse(
            readFileSync(file, "utf8"),
        ) as Results;
        // A file that cannot even be loaded has no tests to fail.
        const broken = testResults.filter(
            ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
        );
        console.log(`${numPassedTests} passed, ${numFailedTests + broken.length} failed, ${numPendingTests} skipped`);
        return code;
    } finally {
        rmSync(folder, { recursive: true });
    }
}

function run(args: string[]): Promise<number> {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
        child.on("error", reject);
        child.on("close", (code) => resolve(code ?? 1));
    });
}
