import { invalid } from "../errors";
import { at, type Config, list, mergeConfig, pipelineIds, section, typeOf } from "./config";
import { mib } from "./limits";
import { diskBytes, inMebibytes } from "./quantity";
import type { RuleId } from "./rules/catalogue";
import { required, type Violation } from "./rules/violation";
import { isOn, type Volume } from "./volume";

/** What decides how many bytes each queue of a tier may hold. */
export interface QueueLimits {
    /** Whose queues they are, for the error. */
    tier: string;
    /** What somebody asked for, as in "1Gi". */
    asked?: string;
    /** The size of the disk, where it is known. */
    disk?: number;
    /** What is taken where nobody asked and no disk is known. */
    usual: string;
}

/**
 * The queues of a replica may hold a quarter of their disk. Measured, the file of a queue with requests of 1 kB grows to
 * three times what is in it, and a start writes a copy of one file next to it. A full disk loses what was acknowledged.
 */
const diskParts = 4;
/** What the file exporter takes where nothing is set. */
const rotation = { megabytes: 100, backups: 100 };

/**
 * Gives every queue on disk the same number of bytes.
 * @throws InvalidInput when somebody asked for more than the disk bears
 */
export function withQueueBytes(config: Config, limits: QueueLimits): Config {
    const queues = diskQueues(config);
    if (queues.length === 0) return config;
    const queue_size = queueBytes(limits, queues.length, roomBytes(config, limits.disk));
    return mergeConfig(config, {
        exporters: Object.fromEntries(queues.map((id) => [id, { sending_queue: { queue_size } }])),
    });
}

function queueBytes({ tier, asked, disk, usual }: QueueLimits, queues: number, room: number): number {
    const what = `the queue size of ${tier}`;
    const most = Math.floor(room / queues);
    if (asked === undefined) return disk === undefined ? diskBytes(what, usual) : most;
    const bytes = diskBytes(what, asked);
    if (bytes <= most) return bytes;
    const allowed = `at most ${inMebibytes(most)} for each of ${queues} on a disk of ${inMebibytes(disk ?? 0)}`;
    throw invalid(what, asked, `${allowed}, because their files grow larger than what is in them`);
}

/** Only a queue in bytes says how much of a disk it takes. */
export function queueInBytes(rule: RuleId, config: Config, exporter: string): Violation[] {
    return required(rule, config, [...queuePath(exporter), "sizer"], (sizer) => sizer === "bytes", "bytes");
}

/** What is larger than an empty queue is refused as if that were full, and so is sent again for ever. */
export function queueHolds(rule: RuleId, config: Config, exporter: string, largestBytes: number): Violation[] {
    return required(
        rule,
        config,
        [...queuePath(exporter), "queue_size"],
        (bytes) => Number(bytes) >= largestBytes,
        `at least the ${largestBytes} bytes that this tier takes in, on a disk with room for it`,
    );
}

/** A queue of what is acknowledged is on a disk that outlives the replica. */
export function queueOnDisk(rule: RuleId, config: Config, exporter: string, volumes: Volume[]): Violation[] {
    const queue = queuePath(exporter);
    const storage = at(config, ...queue, "storage");
    const isDisk = typeof storage === "string" && typeOf(storage) === "file_storage";
    const paths = volumes.map(({ path }) => path).join(" or ");
    return [
        ...required(rule, config, [...queue, "enabled"], (value) => value === true, "true"),
        ...(isDisk && list(config, "service", "extensions").includes(storage)
            ? required(
                  rule,
                  config,
                  ["extensions", storage, "directory"],
                  (folder) => volumes.some((volume) => isOn(volume, folder)),
                  paths ? `a folder on the volume ${paths}` : "a folder on a volume, of which there is none",
              )
            : required(
                  rule,
                  config,
                  [...queue, "storage"],
                  () => false,
                  "a file_storage extension that service.extensions lists",
              )),
    ];
}

/** Whatever the overrides say, all queues together fit the disk; with several volumes nobody can say which is whose. */
export function queuesFit(rule: RuleId, config: Config, volumes: Volume[]): Violation[] {
    const [volume, ...others] = volumes;
    const room = roomBytes(config, others.length === 0 ? volume?.bytes : undefined);
    const sizes = diskQueues(config).map((id) => Number(at(config, ...queuePath(id), "queue_size")));
    const got = sizes.reduce((sum, size) => sum + size, 0);
    if (!(got > room)) return [];
    const allowed = `at most ${room} in sum, because files grow larger than what is in them`;
    return [{ rule, path: queuePath("*").concat("queue_size").join("."), got, allowed }];
}

/** What all queues may hold; endless where the disk is not known. */
function roomBytes(config: Config, disk = Infinity): number {
    return Math.max(0, Math.floor((disk - filesBytes(config)) / diskParts));
}

/** What rotating files take of the same disk. */
function filesBytes(config: Config): number {
    const used = new Set(pipelineIds(config).flatMap((id) => exportersOf(config, id)));
    return [...used]
        .filter((id) => typeOf(id) === "file")
        .map((id) => section(config, "exporters", id, "rotation"))
        .reduce((sum, { max_megabytes = rotation.megabytes, max_backups = rotation.backups }) => {
            return sum + Number(max_megabytes) * mib * (Number(max_backups) + 1);
        }, 0);
}

/** The exporter of each queue: it has one for every signal that it takes. */
function diskQueues(config: Config): string[] {
    const pipelines = pipelineIds(config);
    return [...new Set(pipelines.map(typeOf))].flatMap((signal) => {
        const ids = pipelines.filter((id) => typeOf(id) === signal).flatMap((id) => exportersOf(config, id));
        return [...new Set(ids)].filter((id) => isOnDisk(config, id));
    });
}

function isOnDisk(config: Config, exporter: string): boolean {
    const { enabled, storage } = section(config, ...queuePath(exporter));
    return enabled !== false && storage !== undefined;
}

const queuePath = (exporter: string) => ["exporters", exporter, "sending_queue"];
const exportersOf = (config: Config, pipeline: string) => list(config, "service", "pipelines", pipeline, "exporters");
