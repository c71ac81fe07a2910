import { beforeEach } from "vitest";
import { missing } from "../support/missing";

beforeEach(({ skip }) => skip(missing.kubernetes !== undefined, missing.kubernetes));

// Whatever a person's own kubeconfig names is none of the tests' business.
process.env.KUBECONFIG = process.env.TEST_KUBECONFIG;
