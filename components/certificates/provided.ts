import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { InvalidInput } from "../errors";
import type { Platform } from "../platform/platform";
import { requireUsable } from "./check";
import type { TierIdentity } from "./identity";

/** What Kubernetes and cert-manager call the parts in a Secret. */
const keys = { certificate: "tls.crt", key: "tls.key", authority: "ca.crt" } as const;

/** What has to be provided, and what for. */
export interface Provided {
    name: string;
    serverName: string;
    folder?: string;
    secret?: string;
    /** Whether its holder also shows it to whom it sends to. */
    isSender: boolean;
}

/** An identity in files, NAME.crt, NAME.key and NAME-ca.crt; or in a Secret, of which the tiers get the name alone. */
export function providedIdentity({ name, serverName, folder, secret = "" }: Provided): TierIdentity {
    if (folder === undefined) {
        return {
            serverName,
            certificate: { secret, key: keys.certificate },
            key: { secret, key: keys.key },
            authority: { secret, key: keys.authority },
        };
    }
    const { certificate, key, authority } = partsIn(folder, name);
    return { serverName, certificate: certificate.pem, key: pulumi.secret(key.pem), authority: authority.pem };
}

/** @throws InvalidInput when a part is missing, or collectors would not accept it; a Secret that nobody here may read is believed */
export async function requireProvided(provided: Provided, platform: Platform): Promise<void> {
    const { name, serverName, folder, secret = "", isSender } = provided;
    const parts = folder === undefined ? await partsOf(secret, platform) : partsIn(folder, name);
    if (parts) requireUsable({ ...parts, serverName }, new Date(), isSender);
}

function partsIn(folder: string, name: string) {
    const part = (file: string) => ({ where: join(folder, file), pem: read(join(folder, file)) });
    return { certificate: part(`${name}.crt`), key: part(`${name}.key`), authority: part(`${name}-ca.crt`) };
}

async function partsOf(secret: string, platform: Platform) {
    const found = await platform.secret(secret);
    if (found === "unknown") return undefined;
    const part = (key: string) => ({ where: `${key} of the Secret ${secret}`, pem: found[key] ?? "" });
    return { certificate: part(keys.certificate), key: part(keys.key), authority: part(keys.authority) };
}

function read(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new InvalidInput(`the certificate file ${path} cannot be read: ${(error as Error).message}`);
    }
}
