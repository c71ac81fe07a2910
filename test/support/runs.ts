/** Both ways in which the engine runs a program, for describe.each. */
export const runs = [
    { run: "an update", preview: false },
    { run: "a preview", preview: true },
];
