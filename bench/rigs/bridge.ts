import Docker from "dockerode";

/** This machine's address on Docker's own bridge, where containers and the test cluster's pods reach it. */
export async function bridgeAddress(): Promise<string> {
    const { IPAM } = (await new Docker().getNetwork("bridge").inspect()) as { IPAM: { Config: { Subnet: string }[] } };
    return (IPAM.Config[0]?.Subnet ?? "").replace(/0\/\d+$/, "1");
}
