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
            // One project after another: each has the machine for itself.
            { test: { name: "unit", include: unit, testTimeout: 30_000, sequence: { groupOrder: 0 } } },
            {
                // Real engine, real Docker, real collectors: each on ports of its own.
                test: {
                    name: "e2e",
                    include: ["test/e2e/**/*.test.ts"],
                    setupFiles: ["test/e2e/onlyWithDocker.ts"],
                    sequence: { groupOrder: 1 },
                    maxWorkers: 1,
                    testTimeout: 240_000,
                    hookTimeout: 240_000,
                },
            },
            {
                // The same on a real cluster: each in a namespace of its own, two at a time, because rollouts mostly wait.
                test: {
                    name: "kubernetes",
                    include: ["test/kubernetes/**/*.test.ts"],
                    setupFiles: ["test/kubernetes/onlyWithKubernetes.ts"],
                    sequence: { groupOrder: 2 },
                    maxWorkers: 2,
                    testTimeout: 480_000,
                    hookTimeout: 480_000,
                },
            },
            {
                // A part of the fault lab, on both.
                test: {
                    name: "faults",
                    include: ["test/faults/**/*.test.ts"],
                    sequence: { groupOrder: 3 },
                    maxWorkers: 1,
                },
            },
        ],
    },
});
