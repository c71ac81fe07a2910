// A Kubernetes of one node for tests, out of this machine's own containerd and etcd: up, and down without a trace.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { locked } from "../lock.mjs";
import { cache, made } from "../places.mjs";
import { run } from "../shell.mjs";
import { addonsReady, applyAddons, knowsKinds, nodeIsReady } from "./addons.mjs";
import { Api } from "./api.mjs";
import { startApiServer, startControllers, startEtcd } from "./controlPlane.mjs";
import { load, ownImages } from "./images.mjs";
import { containerdRoot, containerdSocket, folder, kubeconfig, logs } from "./layout.mjs";
import { closeNetwork, nodeAddress, openNetwork } from "./network.mjs";
import { startContainerd, startNode } from "./node.mjs";
import { runs, stop, stopAllWith, waitFor } from "./processes.mjs";
import { makeVolumes, removeStorage } from "./storage.mjs";

const keepers = ["kubelet", "kube-proxy", "kube-controller-manager", "kube-scheduler"];
const servers = [...keepers, "containerd", "kube-apiserver", "etcd"];
const lock = join(cache, "cluster.lock");

async function isHealthy() {
    if (!existsSync(kubeconfig) || !servers.every(runs)) return false;
    const api = Api.ofKubeconfig();
    try {
        return (await api.call("/readyz")).status === 200 && (await nodeIsReady(api));
    } finally {
        api.close();
    }
}

/** An earlier version of this may have started it. */
async function bringUpToDate() {
    const api = Api.ofKubeconfig();
    try {
        if (await knowsKinds(api)) return;
        await applyAddons(api);
        await addonsReady(api, servers);
    } finally {
        api.close();
    }
}

async function endPods() {
    if (!runs("containerd")) await startContainerd(); // pods outlive it, and it finds them again
    const ctr = ["-a", containerdSocket, "-n", "k8s.io", "tasks"];
    const { output } = await run("ctr", [...ctr, "ls", "-q"], { mayFail: true });
    const tasks = output.split("\n").filter(Boolean);
    if (tasks.length > 0) await run("ctr", [...ctr, "delete", "--force", ...tasks], { mayFail: true });
}

async function takeDown() {
    if (!existsSync(folder)) return;
    await stop(...keepers);
    if (existsSync(containerdRoot)) await endPods();
    await stop("containerd", "kube-apiserver", "etcd");
    await stopAllWith("containerd-shim-runc-v2", containerdSocket);
    await closeNetwork();
    await removeStorage();
}

async function bringUp(/** @type {(text: string) => void} */ say) {
    const address = await nodeAddress();
    rmSync(logs, { recursive: true, force: true });
    made(folder);
    makeVolumes();
    await openNetwork();
    say("starting the API server, loading the images");
    startEtcd();
    const [api] = await Promise.all([startApiServer(address), startContainerd().then(() => load(ownImages))]);
    try {
        say("starting the node");
        startControllers();
        startNode(address);
        await applyAddons(api);
        await waitFor("the node", servers, () => nodeIsReady(api));
        await addonsReady(api, servers);
    } finally {
        api.close();
    }
}

/**
 * @param {(text: string) => void} say
 * @returns {Promise<{ started: boolean }>} false: there was one that works
 */
export const up = (say) =>
    locked(lock, async () => {
        if (await isHealthy()) {
            await load(ownImages);
            await bringUpToDate();
            return { started: false };
        }
        await takeDown();
        try {
            await bringUp(say);
        } catch (error) {
            await takeDown();
            throw error;
        }
        return { started: true };
    });

export const down = () => locked(lock, takeDown);
