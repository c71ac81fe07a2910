import { readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { testCluster } from "../../bench/rigs/kubernetesCluster";
import { processesOf } from "../../bench/rigs/kubernetesProcesses";
import { steady } from "../support/traffic";
import { podsOf, uidsOf } from "./cluster";
import { type KubernetesStack, withStack } from "./stack";

const folder = "/etc/otelcol";
const collector = 10001;
const ofRuntime = /^\/(dev|proc|sys|etc\/(hosts|hostname|resolv\.conf))\b/;

/** A path inside the container of a process. */
const inside = (pid: number, path: string) => `/proc/${pid}/root${path}`;

function status(pid: number): Record<string, string> {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
}

/** Whether each mount of a process may be written to, by its place. */
function writable(pid: number): Map<string, boolean> {
    const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8").trim().split("\n");
    return new Map(
        mounts.map((line) => {
            const [, , , , place = "", options = ""] = line.split(" ");
            return [place, options.split(",").includes("rw")];
        }),
    );
}

test("a collector writes to nothing but its queue, reads its secrets through its group, and may do nothing else", () =>
    withStack(async (stack) => {
        await stack.up({ gateways: 1, loadBalancers: 1 });
        const queues: Record<string, string[]> = {
            "load-balancer": ["/var/lib/otelcol"],
            gateway: [],
            "external-gateway": ["/var/lib/otelcol"],
        };
        for (const [tier, queue] of Object.entries(queues)) {
            const pod = (await podsOf(stack.namespace, tier)).get(`${tier}-0`);
            const [pid = 0] = pod ? processesOf(pod) : [];
            expect(pid, "its node is another machine than this").toBeGreaterThan(0);
            for (const file of ["tls.crt", "tls.key", "config.yaml"]) {
                const { mode, uid, gid } = statSync(inside(pid, `${folder}/${file}`));
                const read = { mode: (mode & 0o777).toString(8), uid, gid };
                expect(read, `${tier} ${file}`).toEqual({ mode: "440", uid: 0, gid: collector });
            }
            const { Uid = "", CapEff, CapBnd, NoNewPrivs, Seccomp } = status(pid);
            expect(new Set(Uid.split("\t"))).toEqual(new Set([`${collector}`]));
            expect({ CapEff, CapBnd, NoNewPrivs, Seccomp }).toEqual({
                CapEff: "0000000000000000",
                CapBnd: "0000000000000000",
                NoNewPrivs: "1",
                Seccomp: "2", // a filter
            });
            const mounts = writable(pid);
            expect([mounts.get("/"), mounts.get(folder)]).toEqual([false, false]);
            // The runtime's own are files of the node, which the collector's user may not write to.
            const own = [...mounts].filter(([place, isWritable]) => isWritable && !ofRuntime.test(place));
            expect(own.map(([place]) => place)).toEqual(queue);
        }
    }));

/** The names of Secrets that a pod's files are from. */
const secretsOf = (pods: Awaited<ReturnType<typeof podsOf>>) =>
    [...pods.values()].flatMap(({ spec }) =>
        (spec?.volumes ?? []).flatMap(({ projected }) =>
            (projected?.sources ?? []).flatMap(({ secret }) => secret?.name ?? []),
        ),
    );

async function secretNames({ namespace }: KubernetesStack): Promise<string[]> {
    const { items } = await (await testCluster()).core.listNamespacedSecret({ namespace });
    return items.map(({ metadata }) => metadata?.name ?? "");
}

test("other overrides are another Secret: pods roll, and each has its own until it does; certificates keep theirs", () =>
    withStack(async (stack) => {
        const settings = (interval: string) => ({
            gateways: 2,
            loadBalancers: 1,
            gatewayOverrides: { processors: { memory_limiter: { check_interval: interval } } },
        });
        await stack.up(settings("500ms"));
        const { namespace } = stack;
        const configuration = async () =>
            [...new Set(secretsOf(await podsOf(namespace, "gateway")))].filter((name) => name !== "gateway-secrets");
        const [before] = await configuration();
        const pods = await uidsOf(namespace, "gateway");

        const missing = new Set<string>();
        const seen = new Set<string>();
        const done = new AbortController();
        const watching = (async () => {
            while (!done.signal.aborted) {
                // In this order: a pod that goes meanwhile is listed, and its Secret is there a moment longer.
                const wanted = secretsOf(await podsOf(namespace, "gateway"));
                const there = await secretNames(stack);
                for (const name of wanted) if (!there.includes(name)) missing.add(name);
                for (const name of await configuration()) seen.add(name);
                await delay(100);
            }
        })();
        try {
            await stack.up(settings("700ms"));
        } finally {
            done.abort();
            await watching;
        }
        const [after] = await configuration();
        expect(after).not.toBe(before);
        expect([...seen].sort()).toEqual([before, after].sort());
        expect([...missing]).toEqual([]);
        const now = await uidsOf(namespace, "gateway");
        expect(Object.keys(now).filter((name) => now[name] === pods[name])).toEqual([]);
        const left = await secretNames(stack);
        expect(left).toContain("gateway-secrets");
        expect(left).not.toContain(before);
        await stack.through(async (target) => {
            expect(await steady(target, 20)).toMatchObject({ acknowledged: 80, lost: 0, split: 0 });
        });
        await stack.expectNoChanges();
    }));
