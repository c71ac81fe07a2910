import type { Provider } from "@pulumi/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { isIP } from "node:net";
import type { TierIdentity } from "../../certificates/identity";
import { invalid } from "../../errors";
import type { FileContent } from "../files";
import type { IssuedIdentityArgs, Issuer } from "../platform";
import type { KubernetesCluster } from "./cluster";
import { unawaited } from "./workload";

interface Place {
    provider: Provider;
    namespace: pulumi.Output<string>;
    labels: Record<string, string>;
}

/** The group and version of what cert-manager is asked with. */
export const certManager = { group: "cert-manager.io", version: "v1" };
const apiVersion = `${certManager.group}/${certManager.version}`;
const own = { kind: "Issuer", group: certManager.group };
const privateKey = { algorithm: "ECDSA", size: 256 };
/** Ten years and a year, as what a stack generates. */
const lasts = { authority: "87600h", certificate: "8760h" };

/**
 * An identity that cert-manager makes and renews: an authority of its own, signed by the given issuer, and a certificate by
 * that authority. The authority keeps its key when it is renewed, so that certificates of before are still accepted.
 */
export class IssuedIdentity extends pulumi.ComponentResource implements TierIdentity {
    static readonly token = "otel-collector-tiers:index:IssuedIdentity";

    readonly serverName: string;
    readonly certificate: FileContent;
    readonly key: FileContent;
    readonly authority: FileContent;

    constructor(name: string, args: IssuedIdentityArgs & { place: Place }, opts?: pulumi.ComponentResourceOptions) {
        super(IssuedIdentity.token, name, {}, opts);
        const { serverName, names, issuer, place } = args;
        if (!issuer) throw invalid(`the issuer of ${name}`, issuer, "an Issuer or ClusterIssuer of cert-manager");
        const authoritySecret = authoritySecretOf(name);

        const authority = this.object("Certificate", authoritySecret, place, {
            secretName: authoritySecret,
            secretTemplate: { labels: place.labels },
            commonName: authoritySecret,
            isCA: true,
            duration: lasts.authority,
            privateKey: { ...privateKey, rotationPolicy: "Never" },
            issuerRef: reference(issuer),
        });
        const issuing = this.object("Issuer", name, place, { ca: { secretName: authoritySecret } }, [authority]);
        const all = [...new Set([serverName, ...names])];
        const ipAddresses = all.filter((one) => isIP(one));
        const certificate = this.object(
            "Certificate",
            name,
            place,
            {
                secretName: name,
                secretTemplate: { labels: place.labels },
                dnsNames: all.filter((one) => !isIP(one)),
                ...(ipAddresses.length > 0 && { ipAddresses }),
                duration: lasts.certificate,
                usages: ["digital signature", "server auth", "client auth"],
                privateKey: { ...privateKey, rotationPolicy: "Always" },
                issuerRef: { ...own, name },
            },
            [issuing],
        );

        this.serverName = serverName;
        const made = certificate.metadata.name.apply(() => name);
        this.certificate = { secret: made, key: "tls.crt" };
        this.key = { secret: made, key: "tls.key" };
        this.authority = { secret: authoritySecret, key: "tls.crt" };
        this.registerOutputs({ serverName });
    }

    private object(
        kind: string,
        name: string,
        { provider, namespace, labels }: Place,
        spec: object,
        dependsOn: pulumi.Resource[] = [],
    ): CustomResource {
        const metadata = { name, namespace, labels, annotations: unawaited };
        const logical = kind === "Issuer" ? `${name}-issuer` : name;
        return new CustomResource(logical, { apiVersion, kind, metadata, spec }, { parent: this, provider, dependsOn });
    }
}

export const authoritySecretOf = (identity: string) => `${identity}-authority`;

/**
 * Whatever is beside an authority in its Secret is one too, to collectors, and of every tier: they would accept one another.
 * @throws InvalidInput when the issuer put its own certificate there, as one does that is no root itself
 */
export async function requireAlone(authority: string, cluster: KubernetesCluster): Promise<void> {
    const secret = await cluster.secret(authority);
    if (!secret || secret === "unknown") return;
    const certificates = secret["tls.crt"]?.match(/BEGIN CERTIFICATE/g)?.length ?? 0;
    if (certificates < 2) return;
    const found = `one that put ${certificates} certificates into tls.crt of the Secret ${authority}`;
    throw invalid("the issuer of cert-manager", found, "one that signs itself, or whose own certificate is a root");
}

const reference = ({ name, kind, group }: Issuer) => ({ name, kind: kind ?? own.kind, group: group ?? own.group });
