import type { V1ContainerState, V1EndpointSlice, V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { PodLives } from "../../bench/rigs/kubernetesLives";
import { processesOf, signal } from "../../bench/rigs/kubernetesProcesses";
import { ringFrom } from "../../bench/rigs/kubernetesRing";
import { InvalidInput } from "../../components";

describe("the ring of an lb's configuration", () => {
    const config = (resolver: Record<string, unknown>) => ({ exporters: { load_balancing: { resolver } } });
    const endpoint = (address: string, name: string, ready?: boolean) => ({
        addresses: [address],
        conditions: { ready },
        targetRef: { name },
    });
    const slices: V1EndpointSlice[] = [
        {
            addressType: "IPv4",
            endpoints: [endpoint("10.0.0.1", "gateway-0", true), endpoint("10.0.0.2", "gateway-1")],
        },
        { addressType: "IPv4", endpoints: [endpoint("10.0.0.3", "gateway-2", false)] },
    ];

    test("static: every name of the list, whoever is ready", () => {
        const hostnames = ["gateway-0.gateway.here.svc:4317", "gateway-1.gateway.here.svc:4317"];
        expect(ringFrom(config({ static: { hostnames } }), slices)).toEqual({
            "gateway-0.gateway.here.svc:4317": "gateway-0",
            "gateway-1.gateway.here.svc:4317": "gateway-1",
        });
    });

    test.each(["k8s", "dns"])("%s: endpoints of every slice, but none that is not ready", (resolver) => {
        expect(ringFrom(config({ [resolver]: {} }), slices)).toEqual({
            "10.0.0.1:4317": "gateway-0",
            "10.0.0.2:4317": "gateway-1",
        });
    });
});

describe("ends of containers", () => {
    const terminated = (exitCode: number, reason = "Error"): V1ContainerState => ({
        terminated: { exitCode, reason, containerID: "containerd://first" },
    });
    const running: V1ContainerState = { running: {} };
    const seen = (state: V1ContainerState, { deleted = false, lastState = {} } = {}): V1Pod => ({
        metadata: { name: "gateway-1", ...(deleted && { deletionTimestamp: new Date() }) },
        status: {
            containerStatuses: [
                { name: "gateway", image: "", imageID: "", ready: false, restartCount: 0, state, lastState },
            ],
        },
    });
    const crashes = (...states: V1Pod[]) => {
        const lives = new PodLives();
        for (const state of states) lives.see(state);
        return lives.crashes();
    };

    test("that a deletion asked for are none, however late", () => {
        expect(crashes(seen(running), seen(terminated(0), { deleted: true }))).toEqual([]);
        expect(crashes(seen(terminated(137), { deleted: true }))).toEqual([]);
    });

    test("that nobody asked for are told once, also when the pod is deleted later", () => {
        const restarted = seen(running, { lastState: terminated(2) });
        const leaving = seen(running, { lastState: terminated(2), deleted: true });
        expect(crashes(seen(terminated(2)), restarted, leaving)).toEqual([
            "gateway-1 ended by itself with exit code 2",
        ]);
        expect(crashes(leaving)).toHaveLength(1);
    });

    test("that ran out of memory are told as such, while the pod is deleted too", () => {
        const told = ["gateway-1 ran out of memory"];
        expect(crashes(seen(terminated(137, "OOMKilled")))).toEqual(told);
        expect(crashes(seen(terminated(137, "OOMKilled"), { deleted: true }))).toEqual(told);
    });

    test("of a pod that is to run once are none", () => {
        expect(crashes({ ...seen(terminated(0)), spec: { restartPolicy: "Never", containers: [] } })).toEqual([]);
    });

    test("that went wrong when asked for are told", () => {
        expect(crashes(seen(terminated(1), { deleted: true }))).toEqual([
            "gateway-1 ended with exit code 1 when it was asked to stop",
        ]);
    });
});

test("a process on another machine gets no signal, and the message says where it is", () => {
    const pod: V1Pod = {
        metadata: { name: "gateway-1" },
        spec: { nodeName: "far", containers: [] },
        status: {
            containerStatuses: [
                {
                    name: "gateway",
                    image: "",
                    imageID: "",
                    ready: true,
                    restartCount: 0,
                    containerID: `containerd://${"f".repeat(64)}`,
                },
            ],
        },
    };
    expect(processesOf(pod)).toEqual([]);
    expect(() => signal(pod, "SIGSTOP")).toThrow(InvalidInput);
    expect(() => signal(pod, "SIGSTOP")).toThrow(/gateway-1 .* far and not this machine/);
});
