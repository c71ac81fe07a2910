import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.mjs";
import { run } from "../shell.mjs";
import { closeForwarding, openForwarding } from "./firewall.mjs";
import { inFolder, name, services } from "./layout.mjs";

const podBridge = "cni0";
/** Service addresses never leave this machine: whatever kube-proxy has not rewritten ends in this empty bridge. */
const serviceBridge = "kube-svc";

const podNotes = "/var/lib/cni/results";

const kernelFolder = "/proc/sys/net";
/** Pods of one bridge reach each other's Services only through iptables. */
const switches = ["ipv4/ip_forward", "bridge/bridge-nf-call-iptables"];
const before = inFolder("kernel.json");

/** @returns {Promise<string>} the address of this machine that containers reach */
export async function nodeAddress() {
    const { ok, output } = await run("ip", ["-4", "-j", "address", "show", "docker0"], { mayFail: true });
    const address = ok ? JSON.parse(output)[0]?.addr_info?.[0]?.local : undefined;
    if (!address) throw new Problem("a test cluster needs the bridge docker0 of a Docker Engine on this machine");
    return address;
}

function setKernel() {
    const values = switches.map((file) => [file, readFileSync(join(kernelFolder, file), "utf8").trim()]);
    writeFileSync(before, JSON.stringify(values));
    for (const file of switches) writeFileSync(join(kernelFolder, file), "1");
}

function resetKernel() {
    if (!existsSync(before)) return;
    /** @type {[string, string][]} */
    const values = JSON.parse(readFileSync(before, "utf8"));
    for (const [file, value] of values) writeFileSync(join(kernelFolder, file), value);
}

const hasLink = (/** @type {string} */ link) => existsSync(`/sys/class/net/${link}`);

export async function openNetwork() {
    if (!existsSync(join(kernelFolder, "bridge"))) await run("modprobe", ["br_netfilter"]);
    setKernel();
    if (!hasLink(serviceBridge)) await run("ip", ["link", "add", serviceBridge, "type", "bridge"]);
    await run("ip", ["link", "set", serviceBridge, "up"]);
    await run("ip", ["route", "replace", services, "dev", serviceBridge]);
    await openForwarding();
}

/** CNI's own notes: of the pods' network, and of the loopback of each. */
function forgetPods() {
    const notes = existsSync(podNotes) ? readdirSync(podNotes) : [];
    const ids = notes
        .filter((note) => note.startsWith(`${name}-`))
        .map((note) => note.slice(name.length + 1).split("-")[0]);
    for (const note of notes) if (ids.some((id) => note.includes(id))) rmSync(join(podNotes, note));
}

export async function closeNetwork() {
    await closeForwarding();
    const ends = hasLink(podBridge) ? readdirSync(`/sys/class/net/${podBridge}/brif`) : [];
    for (const link of [...ends, podBridge, serviceBridge]) {
        if (hasLink(link)) await run("ip", ["link", "delete", link], { mayFail: true }); // a pod's goes with the pod
    }
    resetKernel();
    forgetPods();
}
