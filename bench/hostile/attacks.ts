import type { Attack } from "./attack";
import { bombsAndNone } from "./attacks/bombs";
import { certificates } from "./attacks/certificates";
import { floods } from "./attacks/floods";
import { headers } from "./attacks/headers";
import { large } from "./attacks/large";
import { malformed } from "./attacks/malformed";
import { oversized } from "./attacks/oversized";
import { portsOf, type Surroundings, withoutCertificate } from "./attacks/ports";
import { protocol } from "./attacks/protocol";
import { slow } from "./attacks/slow";
import { tokens } from "./attacks/tokens";

/** Everything that is done to a closed ingress, in turns: what is in one goes on side by side. */
export function turnsAgainst(surroundings: Surroundings): Attack[][] {
    const oneByOne = [
        ...tokens,
        ...certificates,
        ...malformed,
        ...protocol,
        ...bombsAndNone,
        ...oversized,
        ...headers,
        ...floods,
        ...large,
        ...portsOf(surroundings),
    ];
    return [...oneByOne.map((attack) => [attack]), slow];
}

/** What a run of a minute or two has room for: one of each kind. */
const inSubset = [
    ...tokens,
    ...certificates,
    ...malformed.slice(0, 1),
    ...protocol.slice(0, 1),
    ...bombsAndNone.filter(({ name }) => /no bomb|gzip|zstd/.test(name)),
    ...oversized.slice(-1),
    ...floods.slice(1, 2),
    ...large.slice(0, 1),
    withoutCertificate([]),
].map(({ name }) => name);

export const subsetOf = (turns: Attack[][]) => turns.filter(([first]) => inSubset.includes(first?.name ?? ""));
