import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "./defaults";
import type { FileContent } from "./platform/files";
import { type Platform, Role } from "./platform/platform";
import { destination, filesFolder } from "./tier";

export interface TelemetryGeneratorArgs {
    /** Where it runs. */
    platform: Platform;
    /** Where its traces go: a LoadBalancerTier. */
    target: { internalEndpoint: string; ready?: pulumi.Input<pulumi.Resource>[]; platform?: Platform };
    /**
     * Who vouches for the target; without, it sends in plain text.
     * @default - nobody
     */
    authority?: FileContent;
    /**
     * Traces a second.
     * @default 10
     */
    rate?: number;
    /**
     * An image of telemetrygen.
     * @default "otel-collector-tiers/telemetrygen:0.161.0", which `npm run setup` makes
     */
    image?: string;
}

export const GENERATOR_DEFAULTS = {
    rate: 10,
    image: "otel-collector-tiers/telemetrygen:0.161.0",
} satisfies Partial<TelemetryGeneratorArgs>;

const spansPerTrace = 5;
const authorityFile = "ca.crt";
const memoryBytes = 128 * 2 ** 20;
const reservedCores = 0.05;

/**
 * Traces to look at while nothing else sends any: telemetrygen at a steady rate. It makes load; it cannot count loss.
 *
 * @example
 * new TelemetryGenerator("generator", { platform, target: loadBalancer, rate: 50 });
 */
export class TelemetryGenerator extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:TelemetryGenerator";

    constructor(name: string, args: TelemetryGeneratorArgs, opts?: pulumi.ComponentResourceOptions) {
        super(TelemetryGenerator.token, name, {}, opts);
        const { platform, target, authority, rate, image } = withDefaults(args, GENERATOR_DEFAULTS);
        platform.run(
            name,
            {
                role: Role.generator,
                sendsTo: destination(platform, target, Role.loadBalancer),
                image,
                replicas: 1,
                addressed: "together",
                args: [
                    "traces",
                    authority === undefined ? "--otlp-insecure" : `--ca-cert=${filesFolder}/${authorityFile}`,
                    `--otlp-endpoint=${target.internalEndpoint}`,
                    `--rate=${rate}`,
                    `--child-spans=${spansPerTrace - 1}`,
                    "--duration=inf",
                    `--service=${name}`,
                ],
                files:
                    authority === undefined
                        ? undefined
                        : { folder: filesFolder, reread: { [authorityFile]: authority } },
                ports: [],
                resources: { memoryBytes, reservedCores },
                drainSeconds: 0,
                stopGraceSeconds: 5,
                after: target.ready,
            },
            this,
        );
        this.registerOutputs({});
    }
}
