import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { CollectorToValidate } from "./platform";

/** A configuration, and what tells its image from every other. */
export interface Identified extends CollectorToValidate {
    identity: string;
}

const mostFiles = 256;

/**
 * What this user's collectors have taken: an empty file for each in the cache that the toolchain has too, named by a
 * hash. A folder that cannot be used is as good as an empty one.
 */
export class Validated {
    private readonly folder = join(
        process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
        "otel-collector-tiers",
        "validated",
    );

    has(collector: Identified): boolean {
        const file = this.fileOf(collector);
        if (!existsSync(file)) return false;
        attempt(() => utimesSync(file, new Date(), new Date())); // so that what is in use is not forgotten
        return true;
    }

    add(collector: Identified): void {
        attempt(() => {
            mkdirSync(this.folder, { recursive: true, mode: 0o700 });
            writeFileSync(this.fileOf(collector), "");
            this.forgetOldest();
        });
    }

    private fileOf({ identity, text }: Identified): string {
        const hash = createHash("sha256").update(JSON.stringify([identity, text]));
        return join(this.folder, hash.digest("hex"));
    }

    private forgetOldest(): void {
        const files = readdirSync(this.folder).map((name) => join(this.folder, name));
        if (files.length <= mostFiles) return;
        const ages = files.map((file) => ({ file, used: statSync(file).mtimeMs })).sort((a, b) => b.used - a.used);
        for (const { file } of ages.slice(mostFiles)) rmSync(file, { force: true });
    }
}

function attempt(act: () => void): void {
    try {
        act();
    } catch {
        // The next run validates again.
    }
}
