import { type Config, mergeConfig, section } from "./config";
import { deliveringExporters } from "./custody";
import { loadBalancingExporters } from "./loadBalancer";
import { durationMs } from "./quantity";
import { required, type Violation } from "./rules/violation";

/** Where configs/*.yaml look for what a tier shows its neighbours, and knows them by. */
export const identityFiles = {
    certificate: "tls.crt",
    key: "tls.key",
    /** The authority of the tier that sends to this one. */
    senders: "senders-ca.crt",
    /** The authority of the tier that this one sends to. */
    next: "next-ca.crt",
} as const;

type Path = string[];

const receiverTls: Path = ["receivers", "otlp", "protocols", "grpc", "tls"];
/** The gateways' way to the external gateway. */
export const externalExporter = "otlp_grpc/external";

/** Where the exporters that send to the next tier say how: of an lb, of a gateway. */
export const ringTls = (config: Config): Path[] =>
    loadBalancingExporters(config).map((id) => ["exporters", id, "protocol", "otlp", "tls"]);
export const externalTls = (config: Config): Path[] => gatewayExporters(config).map((id) => ["exporters", id, "tls"]);

/** Other people's gateways have other exporters. */
const gatewayExporters = (config: Config) =>
    externalExporter in section(config, "exporters") ? [externalExporter] : deliveringExporters(config);

/** With a name, whoever answers at a next tier's address has to prove that it is this one; without, nothing is encrypted. */
export function withNextTier(config: Config, paths: Path[], serverName: string | undefined): Config {
    return paths.reduce((done, path) => {
        const tls = serverName === undefined ? plainText(section(done, ...path)) : { server_name_override: serverName };
        return mergeConfig(done, nested(path, tls));
    }, config);
}

/** Takes the certificate that a receiver asks its senders for, and its own, out of a configuration. */
export function withoutSenderCheck(config: Config): Config {
    return mergeConfig(config, nested(receiverTls, null));
}

/** A receiver that asks for no certificate takes what anybody on its network sends. */
export function sendersProveThemselves(config: Config): Violation[] {
    const rule = "mtls/senders-prove-themselves";
    const isPath = (value: unknown) => typeof value === "string" && value !== "";
    return [
        ...required(rule, config, [...receiverTls, "cert_file"], isPath, "the file of the tier's certificate"),
        ...required(rule, config, [...receiverTls, "client_ca_file"], isPath, "the file of the senders' authority"),
        ...required(
            "mtls/certificates-are-read-again",
            config,
            [...receiverTls, "client_ca_file_reload"],
            (value) => value === true,
            "true",
        ),
        ...readAgain(config, receiverTls),
    ];
}

/** An exporter that verifies nothing sends to whoever has the address. */
export function nextTierProvesItself(config: Config, paths: Path[]): Violation[] {
    const rule = "mtls/next-tier-proves-itself";
    return paths.flatMap((path) => [
        ...required(rule, config, [...path, "insecure"], isFalse, "false"),
        ...required(rule, config, [...path, "insecure_skip_verify"], isFalse, "false"),
        ...required(
            rule,
            config,
            [...path, "ca_file"],
            (value) => typeof value === "string",
            "the file of the next tier's authority",
        ),
        ...readAgain(config, path),
    ]);
}

/** A text may be anything once the collector has expanded it. */
const isFalse = (value: unknown) => value === undefined || value === false;

function readAgain(config: Config, path: Path): Violation[] {
    return required(
        "mtls/certificates-are-read-again",
        config,
        [...path, "reload_interval"],
        (value) => (durationMs(value) ?? 0) > 0,
        "a duration above 0, or a renewed certificate is not taken before a restart",
    );
}

function plainText(tls: Config): Config {
    return { ...Object.fromEntries(Object.keys(tls).map((key) => [key, null])), insecure: true };
}

function nested(path: Path, value: unknown): Config {
    return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Config;
}
