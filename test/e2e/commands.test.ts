import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../verify/report";
import { Clone } from "./clone";

test("a person's first hour: start, start again, scale, verify, preview, destroy", async () => {
    const clone = await Clone.make({ gateways: 3, generator: true });
    const ofStack = ["--stack", clone.stack];
    try {
        const first = await clone.npm("start", ofStack);
        expect(first, first.stderr).toMatchObject({ code: 0 });
        expect(first.stdout).toContain("lost 0, duplicated 0");
        expect(first.stdout).toContain("traces on more than one gateway: 0");
        expect(first.stdout).toMatch(/OTLP over gRPC +127\.0\.0\.1:\d+/);
        expect(first.stdout).toContain("Next:");

        expect((await clone.npm("start", ofStack)).stderr).toContain("Up: no changes");

        expect(await clone.npm("pulumi", ["config", "set", "gateways", "5", ...ofStack])).toMatchObject({ code: 0 });
        const scaled = await clone.npm("start", ofStack);
        expect(scaled, scaled.stderr).toMatchObject({ code: 0 });
        expect(scaled.stdout).toContain("backends in the ring of each lb: 5 of 5");

        const preview = await clone.npm("pulumi", ["preview", ...ofStack]);
        expect(preview, preview.stderr).toMatchObject({ code: 0 });
        expect(preview.stdout).toMatch(/\d+ unchanged/);

        const verified = await clone.npm("verify", [...ofStack, "--traces", "100", "--json"]);
        expect(verified, verified.stderr).toMatchObject({ code: 0 });
        const { shares, ...counts } = JSON.parse(verified.stdout) as Report;
        expect(counts).toEqual({ acknowledged: 400, arrived: 400, lost: 0, duplicated: 0, split: 0 });
        expect(Object.keys(shares)).toHaveLength(5);
        expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);

        expect(await clone.npm("destroy", ofStack)).toMatchObject({ code: 0 });
        expect(await clone.leftovers()).toEqual([]);
        expect(readFileSync(clone.settingsFile, "utf8")).not.toContain("encryptionsalt");
    } finally {
        await clone.remove();
    }
});

test("an interrupted start ends what it has begun, and the next one goes on", async () => {
    const clone = await Clone.make({ gateways: 3 });
    const ofStack = ["--stack", clone.stack];
    try {
        const interrupted = await clone.interruptedNpm("start", ofStack, "created external-gateway-1");
        expect(interrupted.code).not.toBe(0);
        expect(interrupted.stderr).toContain("Ctrl-C again stops at once");
        const next = await clone.npm("start", ofStack);
        expect(next, next.stderr).toMatchObject({ code: 0 });
        expect(next.stdout).toContain("backends in the ring of each lb: 3 of 3");
    } finally {
        await clone.remove();
    }
});

test("verify ends with exit code 1 when what was acknowledged does not arrive", async () => {
    const clone = await Clone.make({ gateways: 1 });
    try {
        expect(await clone.npm("start", ["--stack", clone.stack])).toMatchObject({ code: 0 });
        await clone.container("gateway-1").pause();
        const verified = await clone.npm("verify", ["--stack", clone.stack, "--traces", "10", "--json"]);
        expect(verified, verified.stderr).toMatchObject({ code: 1 });
        expect(JSON.parse(verified.stdout)).toMatchObject({ acknowledged: 40, arrived: 0, lost: 40 });
    } finally {
        await clone.container("gateway-1").unpause();
        await clone.remove();
    }
});

test("commands refuse what they do not know in one sentence", async () => {
    const clone = await Clone.make({});
    try {
        const refusals: [string, string[], RegExp][] = [
            ["verify", ["--traces", "0"], /^error: --traces is "0"; allowed: a whole number from 1 to 10000\n$/],
            ["verify", ["--spans", "1"], /^error: Unknown option '--spans'.*--stack, --traces, --json\n$/],
            [
                "verify",
                ["--stack", clone.stack],
                /^error: the stack clone-\w+ is not up; run: npm start -- --stack clone-\w+\n$/,
            ],
            ["start", ["--stack", "no such name"], /^Bringing up the stack no such name\nerror: .*\n$/],
        ];
        for (const [script, args, sentence] of refusals) {
            const { code, stderr } = await clone.npm(script, args);
            expect(stderr).toMatch(sentence);
            expect(code).toBe(1);
        }
    } finally {
        await clone.remove();
    }
});

test("malformed YAML in configs/ is refused by file, line and column, with nothing created", async () => {
    const clone = await Clone.make({});
    try {
        const file = join(clone.folder, "configs/gateway.yaml");
        const lines = readFileSync(file, "utf8").split("\n");
        const broken = lines.findIndex((line) => line.startsWith("receivers:"));
        writeFileSync(file, [...lines.slice(0, broken), "receivers: [unclosed", ...lines.slice(broken + 1)].join("\n"));
        const { code, stderr } = await clone.npm("start", ["--stack", clone.stack]);
        expect(stderr).toMatch(new RegExp(`error: .*configs/gateway\\.yaml:${broken + 1}:\\d+: .*\n$`));
        expect(code).toBe(1);
        expect(await clone.leftovers()).toEqual([]);
    } finally {
        await clone.remove();
    }
});
