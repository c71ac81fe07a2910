import { type Config, list, literal, mergeConfig, section } from "./config";
import { required, type Violation } from "./rules/violation";

/** The files, beside those of the tier's identity, that an lb serves its clients with. */
export const ingressFiles = { certificate: "clients.crt", key: "clients.key" } as const;

/** What an lb asks of its clients. */
export interface IngressFacts {
    /** Whether they have to encrypt. */
    isEncrypted: boolean;
    /** Of which they have to show one; none asks for none. */
    tokens: string[];
    /** Where the files above are. */
    folder: string;
}

const authenticator = "bearertokenauth/clients";

/** Completes an lb's configuration: on both of its protocols, its certificate, and who may send. */
export function withIngress(config: Config, { isEncrypted, tokens, folder }: IngressFacts): Config {
    const protocols = Object.keys(section(config, "receivers", "otlp", "protocols"));
    const tls = {
        cert_file: `${folder}/${ingressFiles.certificate}`,
        key_file: `${folder}/${ingressFiles.key}`,
        reload_interval: "10s", // as between the tiers
        min_version: "1.2", // what SDKs speak
    };
    const asksForToken = tokens.length > 0;
    const asked = { ...(isEncrypted && { tls }), ...(asksForToken && { auth: { authenticator } }) };
    const closed = mergeConfig(config, {
        receivers: { otlp: { protocols: Object.fromEntries(protocols.map((protocol) => [protocol, asked])) } },
    });
    if (!asksForToken) return closed;
    return mergeConfig(closed, {
        extensions: { [authenticator]: { tokens: tokens.map(literal) } },
        service: { extensions: [...list(config, "service", "extensions"), authenticator] },
    });
}

/** Every protocol of an lb's receiver encrypts, and asks for somebody. */
export function ingressIsClosed(config: Config): Violation[] {
    const path = ["receivers", "otlp", "protocols"];
    return Object.keys(section(config, ...path)).flatMap((protocol) => [
        ...required(
            "ingress/is-encrypted",
            config,
            [...path, protocol, "tls", "cert_file"],
            (value) => typeof value === "string",
            "the file of a certificate, because others than this machine reach it",
        ),
        ...required(
            "ingress/knows-its-clients",
            config,
            [...path, protocol, "auth", "authenticator"],
            (value) => typeof value === "string",
            "an authenticator, because others than this machine reach it",
        ),
    ]);
}
