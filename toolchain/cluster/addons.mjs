import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../places.mjs";
import { certManager, gatewayApi } from "../steps/cluster.mjs";
import { node } from "./layout.mjs";
import { waitFor } from "./processes.mjs";

const manifests = join(project, "toolchain/cluster/manifests.yaml");

/** @param {any} object @param {string} type */
const is = (object, type) =>
    object?.status?.conditions?.some(
        (/** @type {{ type: string, status: string }} */ one) => one.type === type && one.status === "True",
    ) ?? false;

/** @param {import("./api.mjs").Api} api */
export const nodeIsReady = async (api) => is(await api.get(`/api/v1/nodes/${node}`), "Ready");

/** The last kind of each group that definitions bring. */
const kinds = { "gateway.networking.k8s.io": "GRPCRoute", "cert-manager.io": "Issuer" };

/** @param {import("./api.mjs").Api} api */
export async function knowsKinds(api) {
    const known = await Promise.all(
        Object.entries(kinds).map(async ([group, wanted]) => {
            const resources = (await api.get(`/apis/${group}/v1`))?.resources ?? [];
            return resources.some((/** @type {{ kind: string }} */ { kind }) => kind === wanted);
        }),
    );
    return known.every(Boolean);
}

/** @param {import("./api.mjs").Api} api */
export async function applyAddons(api) {
    const { parseAllDocuments } = await import("yaml");
    for (const file of [manifests, ...gatewayApi.files, ...certManager.files]) {
        for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
            const manifest = document.toJS();
            if (manifest) await api.apply(manifest);
        }
    }
}

/** @param {import("./api.mjs").Api} api @param {string[]} servers */
export async function addonsReady(api, servers) {
    const names = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
    await waitFor("CoreDNS", servers, async () => is(await api.get(names), "Available"));
    await waitFor("kinds of other groups", servers, () => knowsKinds(api));
    const account = "/api/v1/namespaces/default/serviceaccounts/default"; // without it no pod is let in
    await waitFor("the default account", servers, async () => (await api.get(account)) !== undefined);
}
