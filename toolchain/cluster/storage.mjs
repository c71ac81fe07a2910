import { chownSync, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { made } from "../places.mjs";
import { Problem } from "../problem.mjs";
import { run } from "../shell.mjs";
import { folder, volumeOwner, volumes } from "./layout.mjs";

const linksToLogs = "/var/log/containers";
const cgroups = "/sys/fs/cgroup";

export function makeVolumes() {
    rmSync(volumes, { recursive: true, force: true });
    made(volumes);
    chownSync(volumes, volumeOwner, volumeOwner);
}

/** @param {string} root @param {string} mountinfo as in /proc/self/mountinfo @returns {string[]} innermost first */
export function mountsBelow(root, mountinfo) {
    const points = mountinfo.split("\n").flatMap((line) => {
        const point = line.split(" ")[4]?.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)));
        return point?.startsWith(`${root}/`) ? [point] : [];
    });
    return points.reverse();
}

const mounts = () => mountsBelow(folder, readFileSync("/proc/self/mountinfo", "utf8"));

async function unmountAll() {
    for (const point of mounts()) {
        const { ok } = await run("umount", [point], { mayFail: true });
        if (!ok) await run("umount", ["--lazy", point], { mayFail: true });
    }
    const [left] = mounts(); // a folder is not removed through a mount
    if (left) throw new Problem(`${left} can not be unmounted: do that, and run the command again`);
}

function removeLinksToLogs() {
    if (!existsSync(linksToLogs)) return;
    for (const name of readdirSync(linksToLogs)) {
        const path = join(linksToLogs, name);
        if (lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith(folder)) rmSync(path);
    }
}

/** @param {string} group */
function removeGroup(group) {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
        if (entry.isDirectory()) removeGroup(join(group, entry.name));
    }
    try {
        rmdirSync(group);
    } catch {
        // it is somebody else's and in use, and does no harm
    }
}

function removeGroups() {
    const candidates = [cgroups, ...readdirSync(cgroups).map((controller) => join(cgroups, controller))];
    for (const path of candidates.map((parent) => join(parent, "kubepods")).filter(existsSync)) removeGroup(path);
}

export async function removeStorage() {
    await unmountAll();
    removeLinksToLogs();
    removeGroups();
    rmSync(volumes, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
}
