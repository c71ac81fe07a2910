import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

const providerSdks = {
    patterns: [
        {
            group: [
                "@pulumi/docker",
                "@pulumi/docker/*",
                "@pulumi/kubernetes",
                "@pulumi/kubernetes/*",
                "dockerode",
                "@kubernetes/client-node",
            ],
            message: "Only components/platform/ knows which platforms there are.",
        },
    ],
};

export default tseslint.config(
    { ignores: ["node_modules/"] },
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.recommendedTypeChecked],
        plugins: { "@pulumi": pulumi },
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@pulumi/no-output-in-template-literal": "error",
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "max-lines": ["error", { max: 250 }],
            "no-restricted-imports": ["error", providerSdks],
        },
    },
    { files: ["components/platform/**", "bench/rigs/**", "test/**"], rules: { "no-restricted-imports": "off" } },
);
