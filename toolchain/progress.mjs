// What runs, how long it took, what is next: a line a step, and a sign of life during a long one.
const heartbeatMs = 15_000;

/** @param {number} started */
export const elapsed = (started) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/**
 * @template T
 * @param {string} title
 * @param {(say: (text: string) => void) => Promise<T>} work told how to say what it is doing now
 * @returns {Promise<T>}
 */
export async function step(title, work) {
    const started = performance.now();
    let doing = "";
    const print = (/** @type {string} */ text) => process.stderr.write(`  ${title}: ${text}\n`);
    print("started");
    const heartbeat = setInterval(() => print(`${doing || "working"}, ${elapsed(started)} so far`), heartbeatMs);
    try {
        const result = await work((text) => print((doing = text)));
        print(`done in ${elapsed(started)}`);
        return result;
    } finally {
        clearInterval(heartbeat);
    }
}
