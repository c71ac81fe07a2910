import { beforeEach } from "vitest";

/** Why there is no engine, provider, image or Docker on this machine; set by `npm test` when setup fails. */
const reason = process.env.TIERS_NO_DOCKER;

beforeEach(({ skip }) => skip(reason !== undefined, reason));
