import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issue, type KeyPair, makeAuthority } from "../../components/certificates/authority";

const hourMs = 3_600_000;

/** Who vouches for whom, in a test: an authority for each name, made when it is first asked for. */
export class TestAuthorities {
    private readonly authorities = new Map<string, Promise<KeyPair>>();

    of(name: string): Promise<KeyPair> {
        const known = this.authorities.get(name);
        if (known) return known;
        const made = makeAuthority({ commonName: name, ...validFor(hourMs) });
        this.authorities.set(name, made);
        return made;
    }

    /** A certificate by somebody's authority, from now on for so long. */
    async issue(by: string, serverName: string, forMs = hourMs): Promise<KeyPair> {
        const subject = { commonName: serverName, names: [serverName], ...validFor(forMs) };
        return issue(await this.of(by), subject);
    }
}

function validFor(ms: number) {
    return { notBefore: new Date(Date.now() - hourMs), notAfter: new Date(Date.now() + ms) };
}

/** What a person would provide: NAME.crt, NAME.key and NAME-ca.crt. */
export class CertificateFolder {
    readonly folder = mkdtempSync(join(tmpdir(), "otel-collector-tiers-certificates-"));

    write(name: string, { certificate, key }: KeyPair, authority: KeyPair): void {
        this.writeFile(`${name}.crt`, certificate);
        this.writeFile(`${name}.key`, key);
        this.writeFile(`${name}-ca.crt`, authority.certificate);
    }

    writeFile(file: string, text: string): void {
        writeFileSync(join(this.folder, file), text);
    }

    remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
