import type { CustomObjectsApi, V1Secret } from "@kubernetes/client-node";
import { setTimeout as delay } from "node:timers/promises";
import { issue, type KeyPair, makeAuthority } from "../../components/certificates/authority";
import { testCluster } from "../../bench/rigs/kubernetesCluster";

const group = "cert-manager.io";
const version = "v1";
const pollMs = 500;
const dayMs = 86_400_000;
/** How cert-manager marks what it has made. */
const madeFor = "cert-manager.io/certificate-name";

interface Certificate {
    metadata: { name: string };
    spec: {
        secretName: string;
        secretTemplate?: { labels?: Record<string, string> };
        commonName?: string;
        isCA?: boolean;
        dnsNames?: string[];
        ipAddresses?: string[];
        duration: string;
        issuerRef: { name: string };
    };
}

interface Issuer {
    metadata: { name: string };
    spec: { ca?: { secretName: string } };
}

/**
 * Does what cert-manager would do for the Certificates of one namespace: signs authorities as an issuer that signs itself,
 * anything else by the authority that its Issuer names, and fills the Secrets.
 */
export class StandInIssuer {
    private readonly stopped = new AbortController();
    private readonly running: Promise<void>;

    private constructor(
        private readonly namespace: string,
        private readonly custom: CustomObjectsApi,
    ) {
        this.running = this.run();
    }

    static async start(namespace: string): Promise<StandInIssuer> {
        const { config } = await testCluster();
        const library = await import("@kubernetes/client-node");
        return new StandInIssuer(namespace, config.makeApiClient(library.CustomObjectsApi));
    }

    /** Signs each certificate anew that is none of an authority, under the same name. */
    async renew(): Promise<void> {
        for (const certificate of await this.list<Certificate>("certificates"))
            if (!certificate.spec.isCA) await this.make(certificate);
    }

    async stop(): Promise<void> {
        this.stopped.abort();
        await this.running;
    }

    private async run(): Promise<void> {
        while (!this.stopped.signal.aborted) {
            for (const certificate of await this.list<Certificate>("certificates"))
                if (!(await this.secret(certificate.spec.secretName))) await this.make(certificate);
            await delay(pollMs);
        }
    }

    private async make(certificate: Certificate): Promise<void> {
        const { metadata, spec } = certificate;
        const authority = await this.authorityFor(certificate);
        if (authority === "not there yet") return;
        const subject = {
            commonName: spec.commonName ?? "",
            names: [...(spec.dnsNames ?? []), ...(spec.ipAddresses ?? [])],
            notBefore: new Date(Date.now() - 60_000),
            notAfter: new Date(Date.now() + (Number.parseInt(spec.duration) / 24) * dayMs),
        };
        const made = authority ? await issue(authority, subject) : await makeAuthority(subject);
        await this.write(spec.secretName, {
            metadata: {
                name: spec.secretName,
                labels: spec.secretTemplate?.labels,
                annotations: { [madeFor]: metadata.name },
            },
            type: "kubernetes.io/tls",
            stringData: {
                "tls.crt": made.certificate,
                "tls.key": made.key,
                "ca.crt": (authority ?? made).certificate,
            },
        });
        await this.say(certificate, subject);
    }

    /** undefined: it signs itself. */
    private async authorityFor({ spec }: Certificate): Promise<KeyPair | "not there yet" | undefined> {
        if (spec.isCA) return undefined;
        const issuers = await this.list<Issuer>("issuers");
        const ca = issuers.find(({ metadata }) => metadata.name === spec.issuerRef.name)?.spec.ca;
        const secret = ca && (await this.secret(ca.secretName));
        if (!secret) return "not there yet";
        const text = (key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString();
        return { certificate: text("tls.crt"), key: text("tls.key") };
    }

    private async write(name: string, body: V1Secret): Promise<void> {
        const { namespace } = this;
        const { core } = await testCluster();
        if (await this.secret(name)) await core.replaceNamespacedSecret({ namespace, name, body });
        else await core.createNamespacedSecret({ namespace, body });
    }

    private async say({ metadata: { name } }: Certificate, { notAfter }: { notAfter: Date }): Promise<void> {
        const place = { group, version, namespace: this.namespace, plural: "certificates", name };
        const now = new Date().toISOString();
        const ready = { type: "Ready", status: "True", reason: "Ready", lastTransitionTime: now };
        const found = (await this.custom.getNamespacedCustomObject(place)) as object;
        const body = { ...found, status: { conditions: [ready], notAfter: notAfter.toISOString() } };
        await this.custom.replaceNamespacedCustomObjectStatus({ ...place, body });
    }

    private async secret(name: string): Promise<V1Secret | undefined> {
        const { core } = await testCluster();
        const { items } = await core.listNamespacedSecret({ namespace: this.namespace });
        return items.find(({ metadata }) => metadata?.name === name);
    }

    private async list<T>(plural: string): Promise<T[]> {
        const { namespace } = this;
        const found = (await this.custom.listNamespacedCustomObject({ group, version, namespace, plural })) as {
            items: T[];
        };
        return found.items;
    }
}
