// The servers that hold and move the cluster's state. All of them speak with one token, which is the person's too.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { made } from "../places.mjs";
import { kubernetesBinary } from "../steps/cluster.mjs";
import { Api } from "./api.mjs";
import { apiPort, etcd, etcdPeers, inFolder, kubeconfig, name, pods, services, volumeOwner } from "./layout.mjs";
import { start, waitFor } from "./processes.mjs";

const keys = inFolder("keys");
const certificate = inFolder("keys", "apiserver.crt");
const signingKey = inFolder("keys", "accounts.key");
const verifyingKey = inFolder("keys", "accounts.pub");
const controllersBinary = inFolder("kube-controller-manager");
const tokens = inFolder("keys", "tokens.csv");

const kubeconfigArgs = [`--kubeconfig=${kubeconfig}`];
const ownOnly = ["--leader-elect=false", "--bind-address=127.0.0.1"];
const readable = { mode: 0o600 };

export function startEtcd() {
    start("etcd", "etcd", [
        `--data-dir=${inFolder("etcd")}`,
        "--unsafe-no-fsync", // it does not outlive the machine
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${etcdPeers}`,
        `--initial-advertise-peer-urls=${etcdPeers}`,
        `--initial-cluster=default=${etcdPeers}`,
    ]);
}

function makeKeys() {
    made(keys);
    const { privateKey, publicKey } = generateKeyPairSync("rsa", {
        modulusLength: 2048,
        privateKeyEncoding: { type: "pkcs1", format: "pem" },
        publicKeyEncoding: { type: "spki", format: "pem" },
    });
    writeFileSync(signingKey, privateKey, readable);
    writeFileSync(verifyingKey, publicKey);
    const token = randomBytes(24).toString("hex");
    writeFileSync(tokens, `${token},admin,admin,system:masters\n`, readable);
    return token;
}

/** @param {string} server @param {string} token */
function writeKubeconfig(server, token) {
    const authorities = readFileSync(certificate).toString("base64");
    const content = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster: { server, "certificate-authority-data": authorities } }],
        users: [{ name, user: { token } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
    };
    writeFileSync(kubeconfig, `${JSON.stringify(content, undefined, 2)}\n`, readable);
}

/** @param {string} address */
export async function startApiServer(address) {
    const token = makeKeys();
    const args = [
        `--etcd-servers=${etcd}`,
        `--bind-address=${address}`,
        `--advertise-address=${address}`,
        `--secure-port=${apiPort}`,
        `--cert-dir=${keys}`,
        `--token-auth-file=${tokens}`,
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        `--service-cluster-ip-range=${services}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${verifyingKey}`,
        `--service-account-signing-key-file=${signingKey}`,
        "--kubelet-preferred-address-types=InternalIP",
    ];
    start("kube-apiserver", kubernetesBinary, args, { calledAs: "kube-apiserver" });
    await waitFor("the API server's certificate", ["etcd", "kube-apiserver"], () => existsSync(certificate));
    writeKubeconfig(`https://${address}:${apiPort}`, token);
    const api = Api.ofKubeconfig();
    await waitFor("the API server", ["etcd", "kube-apiserver"], async () => (await api.call("/readyz")).status === 200);
    return api;
}

export function startControllers() {
    symlinkSync(kubernetesBinary, controllersBinary); // setpriv calls a program by its file's name
    const args = [
        ...kubeconfigArgs,
        ...ownOnly,
        `--service-account-private-key-file=${signingKey}`,
        "--use-service-account-credentials",
        `--root-ca-file=${certificate}`,
        "--allocate-node-cidrs",
        `--cluster-cidr=${pods}`,
        `--service-cluster-ip-range=${services}`,
        "--enable-hostpath-provisioner=true",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ];
    // The user of the collector, because the volumes it makes are for its own user only; it reads keys and programs of root.
    const capability = ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+dac_read_search`);
    const user = [`--reuid=${volumeOwner}`, `--regid=${volumeOwner}`, "--clear-groups", ...capability];
    start("kube-controller-manager", "setpriv", [...user, controllersBinary, ...args]);
    start("kube-scheduler", kubernetesBinary, [...kubeconfigArgs, ...ownOnly], { calledAs: "kube-scheduler" });
}
