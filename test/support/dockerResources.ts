import { DockerPlatform } from "../../components/platform/docker";

export const container = "docker:index/container:Container";
export const volume = "docker:index/volume:Volume";
export const network = "docker:index/network:Network";
export const image = "docker:index/remoteImage:RemoteImage";
export const provider = "pulumi:providers:docker";

/** A platform whose engine does not exist, for programs that only declare. */
export const offlineDocker = () => new DockerPlatform({ host: "unix:///nowhere/docker.sock", prefix: "test" });

/** One port of a container, as the provider takes it. */
export const published = (internal: number, external: number, ip = "127.0.0.1") => ({
    internal,
    external,
    ip,
    protocol: "tcp",
});
