import { createHash } from "node:crypto";
import { Problem } from "./problem.mjs";

const connectMs = 5_000;

/** @param {string} url @returns {Promise<Response | undefined>} undefined where the host cannot be reached or has no such file */
async function get(url) {
    const gaveUp = new AbortController();
    const timer = setTimeout(() => gaveUp.abort(), connectMs);
    try {
        const response = await fetch(url, { signal: gaveUp.signal });
        return response.ok ? response : undefined;
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}

/** @param {string} url */
export async function reachable(url) {
    const response = await get(url);
    await response?.body?.cancel();
    return response !== undefined;
}

/**
 * One file of a release, verified against the release's list of SHA-256 sums.
 * @param {string} base the release's address
 * @param {string} file
 * @param {string} checksums the name of the list beside it: lines of "<sha256>  <file>"
 * @returns {Promise<Buffer | undefined>} undefined where the release cannot be reached; a wrong sum is an error
 */
export async function download(base, file, checksums) {
    const list = await get(`${base}/${checksums}`);
    if (!list) return undefined;
    const wanted = (await list.text())
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .find(([, name]) => name === file)?.[0];
    if (!wanted) throw new Problem(`${base}/${checksums} has no checksum for ${file}`);
    const response = await get(`${base}/${file}`);
    if (!response) return undefined;
    const content = Buffer.from(await response.arrayBuffer());
    const got = createHash("sha256").update(content).digest("hex");
    if (got !== wanted) throw new Problem(`${base}/${file} has the SHA-256 sum ${got}, its release says ${wanted}`);
    return content;
}
