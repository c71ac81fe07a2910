// What Kubernetes and its pod network leave in iptables, and how to take exactly that out again.
import { run } from "../shell.mjs";
import { name, pods } from "./layout.mjs";

const mark = ["-m", "comment", "--comment", name];
/** Docker makes dropping the default, which also drops what goes from pods to Services. */
const forwarded = [
    ["FORWARD", "-s", pods, ...mark, "-j", "ACCEPT"],
    ["FORWARD", "-d", pods, ...mark, "-j", "ACCEPT"],
];

export async function openForwarding() {
    for (const rule of forwarded) {
        const { ok } = await run("iptables", ["-w", "-C", ...rule], { mayFail: true });
        if (!ok) await run("iptables", ["-w", "-I", ...rule]);
    }
}

/** @param {string} rule as iptables-save prints it @param {string} chain */
const isAbout = (rule, chain) => rule.split(" ").includes(chain);

/** @param {string[]} lines of one table @returns {string[]} what iptables-restore --noflush takes out of it */
function cleanTable([table, ...lines]) {
    const rules = lines.filter((line) => line.startsWith("-A "));
    const networks = rules.filter((rule) => rule.includes('name: \\"') && !rule.includes(`name: \\"${name}\\"`));
    const isOurs = (/** @type {string} */ chain) =>
        chain.startsWith("KUBE-") || (chain.startsWith("CNI-") && !networks.some((rule) => isAbout(rule, chain)));
    const chains = lines.filter((line) => line.startsWith(":")).map((line) => line.slice(1).split(" ")[0]);
    const ours = chains.filter(isOurs);
    const jumps = rules.filter(
        (rule) => !ours.includes(rule.split(" ")[1]) && ours.some((chain) => isAbout(rule, chain)),
    );
    return ours.length === 0
        ? []
        : [
              table,
              ...ours.map((chain) => `:${chain} - [0:0]`), // naming a chain empties it
              ...jumps.map((rule) => rule.replace(/^-A/, "-D")),
              ...ours.map((chain) => `-X ${chain}`),
              "COMMIT",
          ];
}

/** @param {string} saved what iptables-save prints */
export function withoutKubernetes(saved) {
    const tables = saved.split(/^(?=\*)/m).filter((table) => table.startsWith("*"));
    const lines = tables.flatMap((table) => cleanTable(table.trim().split("\n")));
    return lines.map((line) => `${line}\n`).join("");
}

export async function closeForwarding() {
    for (const rule of forwarded) await run("iptables", ["-w", "-D", ...rule], { mayFail: true });
    for (const family of ["iptables", "ip6tables"]) {
        const { ok, output } = await run(`${family}-save`, [], { mayFail: true });
        const input = ok ? withoutKubernetes(output) : "";
        if (input) await run(`${family}-restore`, ["--noflush", "-w"], { input });
    }
}
