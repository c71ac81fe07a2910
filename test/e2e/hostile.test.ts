import { beforeAll, expect, test } from "vitest";
import { runHostile } from "../../bench/hostile/hostile";
import type { HostileRow } from "../../bench/hostile/row";
import { bridgeAddress } from "../../bench/rigs/bridge";
import { missing } from "../support/missing";

const runMs = 400_000;

/** A part of `npm run hostile`: one attack of each kind, and all controls. */
let rows: HostileRow[] = [];
beforeAll(async () => {
    if (missing.docker !== undefined) return;
    const { signal } = new AbortController();
    rows = await runHostile({ bridge: await bridgeAddress(), signal, tell: (text) => console.log(text), subset: true });
}, runMs);

test("a closed ingress bears hostile input, and good traffic goes on", () => {
    const attacks = rows.filter(({ control }) => !control);
    expect(attacks.length).toBeGreaterThan(10);
    expect(attacks.filter(({ passed }) => !passed)).toEqual([]);
});

test("the controls miss the bars that they have to miss", () => {
    const controls = rows.filter(({ control }) => control);
    expect(controls).toHaveLength(4);
    expect(controls.filter(({ passed }) => !passed)).toEqual([]);
});
