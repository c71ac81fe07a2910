import { defineConfig } from "vitest/config";

const unit = [
    "test/unit/**/*.test.ts",
    "test/components/**/*.test.ts",
    "test/golden/**/*.test.ts",
    "test/toolchain/**/*.test.ts",
];

export default defineConfig({
    test: {
        reporters: ["verbose"],
        projects: [
            { test: { name: "unit", include: unit, testTimeout: 30_000 } },
            {
                // Real engine, real Docker, real collectors: one after another, each on ports of its own.
                test: {
                    name: "e2e",
                    include: ["test/e2e/**/*.test.ts"],
                    setupFiles: ["test/e2e/onlyWithDocker.ts"],
                    fileParallelism: false,
                    testTimeout: 240_000,
                    hookTimeout: 240_000,
                },
            },
        ],
    },
});
