// Where the parts of a cluster are, and what they call each other.
import { join } from "node:path";
import { cache } from "../places.mjs";

/** Everything that one life of the cluster leaves; nothing here outlives it. */
export const folder = join(cache, "cluster");
export const inFolder = (/** @type {string[]} */ ...names) => join(folder, ...names);

/** Those of its last life, for whoever wants to know why it ended. */
export const logs = join(cache, "cluster-logs");

export const kubeconfig = inFolder("kubeconfig");
export const containerdRoot = inFolder("containerd");
export const containerdSocket = inFolder("containerd.sock");

export const name = "otel-collector-tiers";
export const node = "node1";

export const pods = "10.244.0.0/16";
export const podsOfNode = "10.244.0.0/24";
export const services = "10.96.0.0/16";
export const dns = "10.96.0.10";

/** Not the usual ports, where a distribution's own service may listen. */
export const etcd = "http://127.0.0.1:12379";
export const etcdPeers = "http://127.0.0.1:12380";
export const apiPort = 16443;

/** Whom the collector runs as: volumes belong to it, since nothing changes the owner of a host path. */
export const volumeOwner = 10001;
/** Kubernetes has this place in its code. */
export const volumes = "/tmp/hostpath_pv";
