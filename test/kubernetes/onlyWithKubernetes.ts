import { beforeEach } from "vitest";

/** Why there is no cluster or provider on this machine; set by `npm test` when setup fails. */
export const reason =
    process.env.TIERS_NO_KUBERNETES ??
    (process.env.TEST_KUBECONFIG ? undefined : "TEST_KUBECONFIG does not name a cluster: `npm test` starts one");

beforeEach(({ skip }) => skip(reason !== undefined, reason));

// Whatever a person's own kubeconfig names is none of the tests' business.
process.env.KUBECONFIG = process.env.TEST_KUBECONFIG;
