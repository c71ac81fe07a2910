import { expect, it } from "vitest";
import { spanOf } from "../../verify/span";

const ids = { traceId: "11111111111111111111111111111111", spanId: "2222222222222222" };

it("a test span asks for a stamp itself, and its resource keeps it from the backends", () => {
    const { attributes, resource } = spanOf({ ...ids, run: "run-1" });
    expect(attributes).toEqual({
        "tiers.verify.run": "run-1",
        "tiers.verify.span": "11111111111111111111111111111111/2222222222222222",
    });
    expect(resource.attributes["tiers.verify.run"]).toBe("run-1");
});

it("an ordinary span goes where a client's spans go", () => {
    const { attributes, resource } = spanOf(ids);
    expect(attributes).toEqual({});
    expect(resource.attributes).toEqual({ "service.name": "otel-collector-tiers-verify" });
});
