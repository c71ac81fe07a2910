import type { Resolver } from "../collector/resolver";
import { invalid } from "../errors";
import type { Platform } from "./platform";

/** @throws InvalidInput when a resolver does not work on a platform */
export function requireResolver({ name, resolvers }: Platform, resolver: Resolver): void {
    if (resolvers.includes(resolver)) return;
    throw invalid("resolver", resolver, `${resolvers.join(" or ")}, on the platform ${name}`);
}
