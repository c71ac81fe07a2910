import { DockerPlatform } from "../../components/platform/docker";
import type { Recorded, RecordingEngine } from "./mocks";

export const container = "docker:index/container:Container";
export const volume = "docker:index/volume:Volume";
export const network = "docker:index/network:Network";
export const image = "docker:index/remoteImage:RemoteImage";
export const provider = "pulumi:providers:docker";

/** The containers that run: those that carry files into a volume are never started. */
export const replicasIn = (engine: RecordingEngine): Recorded[] =>
    engine.byType(container).filter(({ inputs }) => inputs.start !== false);

/** What the replicas of a workload find in their folder. */
export function filesOf(engine: RecordingEngine, workload: string) {
    const { inputs, secrets } = engine.byName(container, `${workload}-files`);
    const uploads = inputs.uploads as { file: string; content: string }[];
    const config = uploads.find(({ file }) => file.endsWith("config.yaml"));
    return { uploads, secrets, config: config?.content ?? "", configPath: config?.file ?? "" };
}

/** The mount of such a folder. */
export const filesMount = (workload: string) => ({
    volumeName: `test-${workload}-files`,
    containerPath: "/etc/otelcol",
    readOnly: true,
});

/** A platform whose engine does not exist, for programs that only declare. */
export const offlineDocker = () => new DockerPlatform({ host: "unix:///nowhere/docker.sock", prefix: "test" });

/** One port of a container, as the provider takes it. */
export const published = (internal: number, external: number, ip = "127.0.0.1") => ({
    internal,
    external,
    ip,
    protocol: "tcp",
});
