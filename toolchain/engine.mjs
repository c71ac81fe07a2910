// The one question setup asks a Docker Engine over and over, without the cost of a client program.
import { execFileSync } from "node:child_process";
import { request } from "node:http";

const defaultHost = "unix:///var/run/docker.sock";
const answerMs = 2_000;

/** @param {string} host @param {string} path @returns {Promise<number | undefined>} the HTTP status; undefined without an engine */
function ask(host, path) {
    const { hostname, port } = new URL(host);
    const target = host.startsWith("unix:") ? { socketPath: new URL(host).pathname } : { hostname, port };
    return new Promise((resolve) => {
        const call = request({ ...target, path, timeout: answerMs }, (response) => {
            response.resume();
            resolve(response.statusCode);
        });
        call.on("timeout", () => call.destroy());
        call.on("error", () => resolve(undefined));
        call.end();
    });
}

/** Remote engines over ssh or TLS answer to the docker client only. */
function askClient(/** @type {string} */ host, /** @type {string[]} */ args) {
    try {
        execFileSync("docker", ["--host", host, ...args], { stdio: "ignore" });
        return true;
    } catch {
        return false;
    }
}

const needsClient = (/** @type {string} */ host) =>
    host.startsWith("ssh:") || (host.startsWith("tcp:") && Boolean(process.env.DOCKER_TLS_VERIFY));

const answers = async (/** @type {string} */ host) =>
    needsClient(host) ? askClient(host, ["version"]) : (await ask(host, "/_ping")) === 200;

function contextHost() {
    try {
        const found = execFileSync("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
        return found.trim() || undefined;
    } catch {
        return undefined;
    }
}

/** @returns {Promise<string | undefined>} the address of a running engine: DOCKER_HOST, the usual socket, the client's context */
export async function runningEngine() {
    const wanted = process.env.DOCKER_HOST;
    if (wanted) return (await answers(wanted)) ? wanted : undefined;
    if (await answers(defaultHost)) return defaultHost;
    const host = contextHost();
    return host && host !== defaultHost && (await answers(host)) ? host : undefined;
}

/** @param {string} image */
export async function hasImage(image) {
    const host = await runningEngine();
    if (!host) return false;
    if (needsClient(host)) return askClient(host, ["image", "inspect", image]);
    return (await ask(host, `/images/${image}/json`)) === 200;
}
