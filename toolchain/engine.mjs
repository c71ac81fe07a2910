// The one question setup asks a Docker Engine over and over, without the cost of a client program.
import { execFileSync } from "node:child_process";
import { request } from "node:http";

const defaultHost = "unix:///var/run/docker.sock";
const answerMs = 2_000;

/** @typedef {{ status?: number, text: string }} Answer status undefined: there is no engine */

/** @param {string} host @param {string} path @returns {Promise<Answer>} */
function ask(host, path) {
    const { hostname, port } = new URL(host);
    const target = host.startsWith("unix:") ? { socketPath: new URL(host).pathname } : { hostname, port };
    return new Promise((resolve) => {
        const call = request({ ...target, path, timeout: answerMs }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
            response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        call.on("timeout", () => call.destroy());
        call.on("error", () => resolve({ text: "" }));
        call.end();
    });
}

/** Remote engines over ssh or TLS answer to the docker client only. */
function askClient(/** @type {string} */ host, /** @type {string[]} */ args) {
    try {
        const stdio = /** @type {const} */ (["ignore", "pipe", "ignore"]);
        return execFileSync("docker", ["--host", host, ...args], { encoding: "utf8", stdio: [...stdio] }).trim();
    } catch {
        return undefined;
    }
}

const needsClient = (/** @type {string} */ host) =>
    host.startsWith("ssh:") || (host.startsWith("tcp:") && Boolean(process.env.DOCKER_TLS_VERIFY));

const answers = async (/** @type {string} */ host) =>
    needsClient(host) ? askClient(host, ["version"]) !== undefined : (await ask(host, "/_ping")).status === 200;

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

/** @param {string} image @returns {Promise<string | undefined>} undefined where the engine does not have it */
export async function imageId(image) {
    const host = await runningEngine();
    if (!host) return undefined;
    if (needsClient(host)) return askClient(host, ["image", "inspect", "--format", "{{.Id}}", image]);
    const { status, text } = await ask(host, `/images/${image}/json`);
    return status === 200 ? JSON.parse(text).Id : undefined;
}

export const hasImage = async (/** @type {string} */ image) => (await imageId(image)) !== undefined;
