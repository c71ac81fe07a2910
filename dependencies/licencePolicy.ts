import type { LicencePolicy } from "./licences";

/**
 * Licences that let this project be given away under Apache-2.0: they ask for a notice at most. MPL-2.0 asks for the
 * source of its own files when they were changed, and here nothing is.
 */
const allowed = new Set([
    "0BSD",
    "Apache-2.0",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Python-2.0",
    "Unlicense",
]);

export const npmPolicy: LicencePolicy = {
    allowed,
    exceptions: [
        {
            names: ["@logdna/tail-file"],
            licence: "SEE LICENSE IN LICENSE",
            reason: "the file LICENSE in it is the MIT licence",
        },
        {
            names: ["spdx-exceptions"],
            licence: "CC-BY-3.0",
            reason: "a list of names, no program, whose author is to be named; Pulumi's SDK asks for it",
        },
    ],
};

export const goPolicy: LicencePolicy = {
    allowed,
    exceptions: [
        {
            names: ["crypto", "exp", "net", "oauth2", "sys", "term", "text", "time"].map(
                (name) => `golang.org/x/${name}`,
            ),
            licence: "BSD-Source-Code",
            reason: "their text is BSD-3-Clause, which the detector takes for one that is alike",
        },
        {
            names: ["github.com/twmb/murmur3"],
            licence: undefined,
            reason: "its file LICENSE is BSD-3-Clause with another layout, which the detector does not know",
        },
        {
            names: ["std"],
            licence: undefined,
            reason: "Go's own library, which is BSD-3-Clause and no module whose source could be looked through",
        },
    ],
};
