import { posix } from "node:path";

/** A disk that outlives the replica it is mounted in. */
export interface Volume {
    /** The folder that it is mounted on. */
    path: string;
    /** Its size in bytes; absent where it is not known. */
    bytes?: number;
}

/** What a platform keeps when it replaces a replica: the tiers ask for a volume here. */
export const durableFolder = "/var/lib/otelcol";

/** Whether a folder is on a volume. */
export const isOn = ({ path }: Volume, folder: unknown): boolean =>
    typeof folder === "string" && within(posix.join(folder, "/"), posix.join(path, "/"));

const within = (folder: string, outer: string) => folder.startsWith(outer);
