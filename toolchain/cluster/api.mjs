// What setup has to say to an API server, without a client program: Debian's kubectl is too old for this one.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { kubeconfig } from "./layout.mjs";

const answerMs = 5_000;

/** @typedef {{ apiVersion: string, kind: string, metadata: { name: string, namespace?: string } }} Manifest */

export class Api {
    /** @param {{ server: string, authorities: Buffer, token: string }} access */
    constructor({ server, authorities, token }) {
        this.server = server;
        this.headers = { authorization: `Bearer ${token}` };
        this.agent = new Agent({ ca: authorities, keepAlive: true });
        /** @type {Map<string, Promise<any>>} */
        this.groups = new Map();
    }

    /** @returns {Api} that of the kubeconfig that `up` has written */
    static ofKubeconfig() {
        const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8"));
        const { server, "certificate-authority-data": authorities } = clusters[0].cluster;
        return new Api({ server, authorities: Buffer.from(authorities, "base64"), token: users[0].user.token });
    }

    /**
     * @param {string} path
     * @param {{ method?: string, type?: string, body?: string }} [options]
     * @returns {Promise<{ status: number, text: string }>} status 0: nobody answers
     */
    call(path, { method = "GET", type, body } = {}) {
        const headers = { ...this.headers, ...(type && { "content-type": type }) };
        return new Promise((resolve) => {
            const options = { method, headers, agent: this.agent, timeout: answerMs };
            const call = request(`${this.server}${path}`, options, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
                response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
            });
            call.on("timeout", () => call.destroy());
            call.on("error", (error) => resolve({ status: 0, text: error.message }));
            call.end(body);
        });
    }

    /** @param {string} path @returns {Promise<any>} undefined where there is nothing */
    async get(path) {
        const { status, text } = await this.call(path);
        return status === 200 ? JSON.parse(text) : undefined;
    }

    /** @param {Manifest} manifest */
    async pathOf({ apiVersion, kind, metadata: { name, namespace } }) {
        const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        if (!this.groups.has(group)) this.groups.set(group, this.get(group));
        /** @type {{ name: string, kind: string }[]} */
        const resources = (await this.groups.get(group))?.resources ?? [];
        const plural = resources.find((resource) => resource.kind === kind && !resource.name.includes("/"))?.name;
        if (!plural) throw new Error(`the API server has no ${kind} in ${apiVersion}`);
        return [group, ...(namespace ? ["namespaces", namespace] : []), plural, name].join("/");
    }

    /** @param {Manifest} manifest */
    async apply(manifest) {
        const path = `${await this.pathOf(manifest)}?fieldManager=otel-collector-tiers&force=true`;
        const type = "application/apply-patch+yaml";
        const { status, text } = await this.call(path, { method: "PATCH", type, body: JSON.stringify(manifest) });
        if (status !== 200 && status !== 201) throw new Error(`${manifest.kind} ${manifest.metadata.name}: ${text}`);
    }

    close() {
        this.agent.destroy();
    }
}
