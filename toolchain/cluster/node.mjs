// The one node: what runs the pods, and what gives them addresses and volumes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { made } from "../places.mjs";
import { run } from "../shell.mjs";
import { kubernetesBinary, pauseImage, pluginFolder } from "../steps/cluster.mjs";
import {
    containerdRoot,
    containerdSocket,
    dns,
    inFolder,
    kubeconfig,
    logs,
    name,
    node,
    pods,
    podsOfNode,
} from "./layout.mjs";
import { start, waitFor } from "./processes.mjs";

const podNetwork = {
    cniVersion: "0.4.0",
    name,
    plugins: [
        {
            type: "bridge",
            bridge: "cni0",
            isGateway: true,
            ipMasq: true,
            hairpinMode: true,
            ipam: {
                type: "host-local",
                dataDir: inFolder("cni", "addresses"),
                ranges: [[{ subnet: podsOfNode }]],
                routes: [{ dst: "0.0.0.0/0" }],
            },
        },
        { type: "portmap", capabilities: { portMappings: true } },
    ],
};

// Without restrict_oom_score_adj no pod starts where root lacks CAP_SYS_RESOURCE ("can't get final child's PID from pipe").
const containerdSettings = () => `version = 2
root = "${join(containerdRoot, "root")}"
state = "${join(containerdRoot, "state")}"
[grpc]
  address = "${containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/${pauseImage}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${pluginFolder()}"
    conf_dir = "${inFolder("cni", "networks")}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${inFolder("registries")}"
`;

/** Nobody listens there: a pod with an image that was not loaded is told so at once, instead of asking the network. */
const noRegistry = 'server = "http://127.0.0.1:9"\n[host."http://127.0.0.1:9"]\n';

/** @param {string} address */
const kubeletSettings = (address) => ({
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [dns],
    clusterDomain: "cluster.local",
    address,
    // Whoever reaches this address may do anything with the pods: a bridge of this machine, on a machine for tests.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    podLogsDir: join(logs, "pods"),
    syncFrequency: "10s", // how soon a changed Secret is in a pod that runs; elsewhere it is a minute
    evictionHard: { "imagefs.available": "1%", "nodefs.available": "1%", "memory.available": "100Mi" },
    imageGCHighThresholdPercent: 100, // never: nothing could bring an image back
});

export function startContainerd() {
    writeFileSync(join(made(inFolder("cni", "networks")), "10-pods.conflist"), JSON.stringify(podNetwork));
    writeFileSync(join(made(inFolder("registries", "_default")), "hosts.toml"), noRegistry);
    writeFileSync(inFolder("containerd.toml"), containerdSettings());
    start("containerd", "containerd", ["--config", inFolder("containerd.toml")]);
    const answers = async () => (await run("ctr", ["-a", containerdSocket, "version"], { mayFail: true })).ok;
    return waitFor("containerd", ["containerd"], answers);
}

/** @param {string} address */
export function startNode(address) {
    writeFileSync(inFolder("kubelet.json"), JSON.stringify(kubeletSettings(address)));
    const named = [`--kubeconfig=${kubeconfig}`, `--hostname-override=${node}`];
    const kubelet = [
        ...named,
        `--config=${inFolder("kubelet.json")}`,
        `--node-ip=${address}`,
        `--root-dir=${inFolder("kubelet")}`,
        `--cert-dir=${inFolder("keys")}`,
    ];
    start("kubelet", kubernetesBinary, kubelet, { calledAs: "kubelet" });
    const proxy = [
        ...named,
        "--proxy-mode=iptables",
        `--cluster-cidr=${pods}`,
        `--nodeport-addresses=${address}/32`,
        "--healthz-bind-address=127.0.0.1:10256",
        "--metrics-bind-address=127.0.0.1:10249",
        "--conntrack-max-per-core=0",
    ];
    start("kube-proxy", kubernetesBinary, proxy, { calledAs: "kube-proxy" });
}
