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

type Args = IssuedIdentityArgs & { place: Place };

/**
 * An identity that cert-manager makes and renews: a certificate by the given issuer, or by an authority of its own that the
 * issuer signs. The authority keeps its key when it is renewed, so that certificates of before are still accepted.
 */
export class IssuedIdentity extends pulumi.ComponentResource implements TierIdentity {
    static readonly token = "otel-collector-tiers:index:IssuedIdentity";

    readonly serverName: string;
    readonly certificate: FileContent;
    readonly key: FileContent;
    readonly authority: FileContent;

    constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
        super(IssuedIdentity.token, name, {}, opts);
        const { issuer, hasOwnAuthority } = args;
        if (!issuer) throw invalid(`the issuer of ${name}`, issuer, "an Issuer or ClusterIssuer of cert-manager");

        const certificate = hasOwnAuthority
            ? this.certificateBy({ kind: own.kind, name }, name, args, [this.ownAuthority(name, issuer, args)])
            : this.certificateBy(issuer, name, args);

        const secret = certificate.metadata.name.apply(() => name);
        this.serverName = args.serverName;
        this.certificate = { secret, key: "tls.crt" };
        this.key = { secret, key: "tls.key" };
        this.authority = hasOwnAuthority
            ? { secret: authoritySecretOf(name), key: "tls.crt" }
            : { secret: name, key: "ca.crt" };
        this.registerOutputs({ serverName: this.serverName });
    }

    private ownAuthority(name: string, issuer: Issuer, { place }: Args): CustomResource {
        const secretName = authoritySecretOf(name);
        const authority = this.object("Certificate", secretName, place, {
            secretName,
            secretTemplate: { labels: place.labels },
            commonName: secretName,
            isCA: true,
            duration: lasts.authority,
            privateKey: { ...privateKey, rotationPolicy: "Never" },
            issuerRef: reference(issuer),
        });
        return this.object("Issuer", name, place, { ca: { secretName } }, [authority]);
    }

    private certificateBy(
        issuer: Issuer,
        name: string,
        { serverName, names, hasOwnAuthority, place }: Args,
        dependsOn: pulumi.Resource[] = [],
    ): CustomResource {
        const all = [...new Set([serverName, ...names])];
        const [ipAddresses, dnsNames] = [all.filter((one) => isIP(one)), all.filter((one) => !isIP(one))];
        const spec = {
            secretName: name,
            secretTemplate: { labels: place.labels },
            ...(dnsNames.length > 0 && { dnsNames }),
            ...(ipAddresses.length > 0 && { ipAddresses }),
            ...(hasOwnAuthority && { duration: lasts.certificate }), // another issuer has a term of its own
            usages: ["digital signature", "server auth", ...(hasOwnAuthority ? ["client auth"] : [])],
            privateKey: { ...privateKey, rotationPolicy: "Always" },
            issuerRef: reference(issuer),
        };
        return this.object("Certificate", name, place, spec, dependsOn);
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
