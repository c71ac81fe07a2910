import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface DockerEnvironmentArgs {
    /** The engine's address. */
    host: string;
    /** The name of the network, and the label of all that is created. */
    prefix: string;
}

/** What all workloads of a stack share on one Docker Engine: the provider, the network, the images. */
export class DockerEnvironment extends pulumi.ComponentResource {
    static readonly token = "otel-collector-tiers:index:DockerEnvironment";

    readonly provider: docker.Provider;
    readonly network: docker.Network;

    private readonly childPrefix: string;
    private readonly images = new Map<string, docker.RemoteImage>();

    constructor(name: string, { host, prefix }: DockerEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super(DockerEnvironment.token, name, {}, opts);
        this.childPrefix = name;
        this.provider = new docker.Provider(name, { host }, { parent: this });
        this.network = new docker.Network(
            name,
            { name: prefix, driver: "bridge", labels: labels(prefix) },
            { parent: this, provider: this.provider },
        );
        this.registerOutputs({});
    }

    /** An image by its reference; pulled when the engine does not have it, and left there at the end. */
    image(reference: string): docker.RemoteImage {
        const known = this.images.get(reference);
        if (known) return known;
        const name = `${this.childPrefix}-${reference.replace(/[^\w.-]+/g, "-")}`;
        const options = { parent: this, provider: this.provider };
        const image = new docker.RemoteImage(name, { name: reference, keepLocally: true }, options);
        this.images.set(reference, image);
        return image;
    }
}

/** The label that everything of a stack carries, so that it can be told from what others run. */
export const labelOf = (prefix: string) => `otel-collector-tiers.${prefix}`;

export const labels = (prefix: string) => [{ label: labelOf(prefix), value: "" }];
