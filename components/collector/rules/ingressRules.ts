import type { Rules } from "./rule";

/** What lbs ask of clients that are not on their own machine. */
export const ingressRules = {
    "ingress/is-encrypted": {
        guarantee: "nobody on the way from a client to an lb reads or changes what is sent",
        fix: "Set clientTls; on Docker a bindAddress of this machine alone, as 127.0.0.1, needs none",
    },
    "ingress/knows-its-clients": {
        guarantee: "an lb takes in what clients with a token send, and nothing from anybody else who reaches its ports",
        fix: "Set clientTokens; on Docker a bindAddress of this machine alone, as 127.0.0.1, needs none",
    },
} as const satisfies Rules;
