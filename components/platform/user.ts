/** Who a collector runs as: the user that its published images have, which owns what is in them. */
export const collectorUser = 10001;
