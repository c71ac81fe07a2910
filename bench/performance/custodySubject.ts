import { Resolver } from "../../components";
import type { Configuration } from "../report/benchResult";
import { DockerRig } from "../rigs/dockerRig";
import type { Settings } from "../rigs/rig";
import { StackContainers } from "../rigs/stackContainers";
import type { Subject } from "./subject";

/** What `npm start` deploys, and the hand that changes it. */
export interface CustodySubject extends Subject {
    rig: DockerRig;
}

/** Through the real engine, with every setting's default but the backend and the ports. @param backend "http://host:port" */
export const custody = (backend: string) => shipped("custody", { backends: [{ endpoint: backend }] });

/** The same in plain text, as what it is compared with. */
export const unencrypted = (backend: string) =>
    shipped("unencrypted", { backends: [{ endpoint: backend }], mtls: "off" });

async function shipped(name: Configuration, own: Settings): Promise<CustodySubject> {
    const settings = { gateways: 3, loadBalancers: 1, ...own };
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
        name,
        entry: "load-balancer-1",
        rig,
        addresses,
        cpuSeconds: () => containers.cpuSeconds(),
        remove: () => rig.destroy(),
    };
}
