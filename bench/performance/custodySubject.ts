import { Resolver } from "../../components";
import { DockerRig } from "../rigs/dockerRig";
import { StackContainers } from "../rigs/stackContainers";
import type { Subject } from "./subject";

/** What `npm start` deploys, and the hand that changes it. */
export interface CustodySubject extends Subject {
    rig: DockerRig;
}

/** Through the real engine, with every setting's default but the backend and the ports. @param backend "http://host:port" */
export async function custody(backend: string): Promise<CustodySubject> {
    const settings = { gateways: 3, loadBalancers: 1, backends: [{ endpoint: backend }] };
    const rig = await DockerRig.create({ resolver: Resolver.static, settings });
    try {
        await rig.up({});
    } catch (error) {
        await rig.destroy();
        throw error;
    }
    const containers = new StackContainers(rig.stackName);
    const addresses = async () =>
        Object.fromEntries((await containers.running()).map(({ replica, address }) => [replica, address]));
    return {
        name: "custody",
        entry: "load-balancer-1",
        rig,
        addresses,
        cpuSeconds: () => containers.cpuSeconds(),
        remove: () => rig.destroy(),
    };
}
