import { expect, test } from "vitest";
import { crashesIn, type LifeEvent } from "../../bench/rigs/crashes";

const life =
    (container: string, replica: string) =>
    (action: LifeEvent["action"], exitCode?: string): LifeEvent => ({ action, container, replica, exitCode });
const gateway = life("a", "gateway-1");
const lb = life("b", "load-balancer-1");

test("what was stopped, killed or replaced did not crash", () => {
    const stopped = [gateway("start"), gateway("kill"), gateway("die", "0")];
    const killed = [gateway("start"), gateway("kill"), gateway("die", "137")];
    const tookTooLong = [gateway("start"), gateway("kill"), gateway("kill"), gateway("die", "137"), gateway("start")];
    expect(crashesIn([...stopped, ...killed, ...tookTooLong])).toEqual([]);
});

test("an end that nobody asked for is a crash, in each life and beside others that were asked", () => {
    const events = [gateway("start"), lb("start"), lb("kill"), gateway("die", "2"), lb("die", "0"), gateway("start")];
    expect(crashesIn(events)).toEqual(["gateway-1 ended by itself with exit code 2"]);
    const again = [...events, lb("start"), lb("die", "1")];
    expect(crashesIn(again)).toEqual([
        "gateway-1 ended by itself with exit code 2",
        "load-balancer-1 ended by itself with exit code 1",
    ]);
});

test("a panic on the way down is a crash, and so is being out of memory", () => {
    expect(crashesIn([gateway("start"), gateway("kill"), gateway("die", "2")])).toEqual([
        "gateway-1 ended with exit code 2 when it was asked to stop",
    ]);
    expect(crashesIn([gateway("start"), gateway("oom")])).toEqual(["gateway-1 ran out of memory"]);
});
