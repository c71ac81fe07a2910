import type { Rules } from "./rule";

/** Who may send to a tier, and whom a tier sends to. */
export const mtlsRules = {
    "mtls/senders-prove-themselves": {
        guarantee: "a tier takes in what the tier before it sends, and nothing from anybody else on its network",
        fix: "Set cert_file, key_file and client_ca_file in receivers.otlp.protocols.grpc.tls",
    },
    "mtls/next-tier-proves-itself": {
        guarantee: "telemetry goes encrypted to the next tier, and to nobody who only has its address",
        fix: "Set ca_file in the exporter's tls, and neither insecure nor insecure_skip_verify",
    },
    "mtls/certificates-are-read-again": {
        guarantee: "a certificate that is renewed is taken without a restart, before the old one ends",
        fix: "Set reload_interval, and for a receiver client_ca_file_reload: true, in the tls that the path names",
    },
} as const satisfies Rules;
