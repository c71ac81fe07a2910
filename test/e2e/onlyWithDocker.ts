import { beforeEach } from "vitest";
import { missing } from "../support/missing";

beforeEach(({ skip }) => skip(missing.docker !== undefined, missing.docker));
