import { spawnSync } from "node:child_process";
import * as zlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { brokenJson, brokenProtobuf } from "../../bench/hostile/payloads/broken";
import { maskedCrc32c } from "../../bench/hostile/payloads/crc32c";
import { gzipOfZeros } from "../../bench/hostile/payloads/gzip";
import { field, fixed64, varint } from "../../bench/hostile/payloads/protobuf";
import {
    snappyBlockOf,
    snappyBlockOfZeros,
    snappyStreamOf,
    snappyStreamOfZeros,
} from "../../bench/hostile/payloads/snappy";
import {
    attackOf,
    emptySpans,
    goodRequest,
    jsonRequest,
    manyAttributes,
    manyAttributesInJson,
    nested,
    nestedInJson,
} from "../../bench/hostile/payloads/spans";
import { zstdOf, zstdOfZeros } from "../../bench/hostile/payloads/zstd";
import { eachSpan } from "../../bench/sink/spans";
import { unsnappedBlock, unsnappedStream } from "../support/snappy";

const mebibyte = 2 ** 20;
const hello = Buffer.from("hello");

/** By Node.js where it can, by the program where it is installed. */
const unzstd = (zlib as { zstdDecompressSync?: (data: Buffer) => Buffer }).zstdDecompressSync ?? byProgram();

function byProgram(): ((data: Buffer) => Buffer) | undefined {
    if (spawnSync("zstd", ["--version"]).error) return undefined;
    return (input) => {
        const { stdout, status } = spawnSync("zstd", ["-dc"], { input, maxBuffer: 64 * mebibyte });
        if (status !== 0) throw new Error("zstd does not take it");
        return stdout;
    };
}

describe("protobuf", () => {
    it.each([
        [0, "00"],
        [127, "7f"],
        [128, "8001"],
        [300, "ac02"],
        [2 ** 40, "808080808020"],
    ])("writes %d as %s", (value, hexadecimal) => {
        expect(varint(value).toString("hex")).toBe(hexadecimal);
    });

    it("writes fields with a length, and of eight bytes", () => {
        expect(field(2, "ab", hello).toString("hex")).toBe("120761" + "6268656c6c6f");
        expect(fixed64(7, 1n).toString("hex")).toBe("390100000000000000");
    });
});

describe("bombs are what they claim to be", () => {
    it("gzip", () => {
        const bomb = gzipOfZeros(40 * mebibyte);
        expect(bomb.length).toBeLessThan(mebibyte / 10);
        expect(zlib.gunzipSync(bomb).equals(Buffer.alloc(40 * mebibyte))).toBe(true);
    });

    it("zstd", ({ skip }) => {
        if (!unzstd) return skip("neither Node.js nor a program on this machine reads zstd");
        const bomb = zstdOfZeros(40 * mebibyte + 5);
        expect(bomb.length).toBeLessThan(2_000);
        expect(unzstd(bomb).equals(Buffer.alloc(40 * mebibyte + 5))).toBe(true);
        expect(unzstd(zstdOf(hello))).toEqual(hello);
    });

    it("snappy, a block", () => {
        const bomb = snappyBlockOfZeros(mebibyte + 3);
        expect(bomb.length).toBeLessThan(mebibyte / 20);
        expect(unsnappedBlock(bomb).equals(Buffer.alloc(mebibyte + 3))).toBe(true);
        expect(unsnappedBlock(snappyBlockOf(hello))).toEqual(hello);
        expect(() => unsnappedBlock(snappyBlockOfZeros(100, 2 ** 32 - 1))).toThrow("4294967295");
    });

    it("snappy, a stream", () => {
        expect(unsnappedStream(snappyStreamOfZeros(mebibyte)).equals(Buffer.alloc(mebibyte))).toBe(true);
        expect(unsnappedStream(snappyStreamOf(hello))).toEqual(hello);
    });

    it("with the checksum of the framing format", () => {
        const unmasked = (masked: number) => {
            const rotated = (masked - 0xa282ead8) >>> 0;
            return ((rotated >>> 17) | (rotated << 15)) >>> 0;
        };
        expect(unmasked(maskedCrc32c(Buffer.from("123456789")))).toBe(0xe3069283); // the check value of CRC-32C
    });
});

describe("spans of an attack", () => {
    const traceIds = (request: Buffer) => {
        const ids: string[] = [];
        eachSpan(request, (at) => ids.push(at < 0 ? "none" : request.toString("hex", at, at + 16)));
        return ids;
    };

    it("carry its place, and nobody else's do", () => {
        expect(traceIds(goodRequest(7)).map(attackOf)).toEqual([7]);
        expect(traceIds(goodRequest(300)).map(attackOf)).toEqual([300]);
        expect(attackOf("00".repeat(16))).toBeUndefined();
        const { resourceSpans } = JSON.parse(jsonRequest(9)) as Decoded;
        expect(attackOf(resourceSpans[0].scopeSpans[0].spans[0].traceId)).toBe(9);
    });

    it("have as many attributes as said", () => {
        const request = manyAttributes(1, 1_000);
        expect(traceIds(request).map(attackOf)).toEqual([1]);
        expect(request.toString("latin1").match(/J.\n/gs)).toHaveLength(1_000);
        const { resourceSpans } = JSON.parse(manyAttributesInJson(1, 1_000)) as Decoded;
        const keys = resourceSpans[0].scopeSpans[0].spans[0].attributes.map(({ key }) => key);
        expect(new Set(keys).size).toBe(1_000);
    });

    it("are as deep as said", () => {
        expect(depthOf(nested(1, 1_000))).toBe(1_000);
        expect(nestedInJson(1, 1_000).match(/arrayValue/g)).toHaveLength(1_000);
        expect(() => JSON.parse(nestedInJson(1, 1_000)) as unknown).not.toThrow();
    });

    it("are two bytes each where nothing is in them", () => {
        const request = emptySpans(2_000);
        expect(traceIds(request)).toEqual(Array(1_000).fill("none"));
        expect(request.length).toBeLessThan(2_100);
    });
});

it("what is broken is no JSON, or no request", () => {
    const broken = brokenJson(1);
    expect(broken.length).toBeGreaterThan(100);
    const parses = broken.filter((text) => {
        try {
            JSON.parse(text);
            return true;
        } catch {
            return false;
        }
    });
    expect(parses).toHaveLength(7); // a number of any length, and fields of another kind
    expect(brokenProtobuf(1).length).toBeGreaterThan(80);
});

interface Decoded {
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: string; attributes: { key: string }[] }] }] }];
}

/** How often a value is a list (field 5) of one value (field 1), from the attribute "deep" on. */
function depthOf(request: Buffer): number {
    let at = request.indexOf("deep") + "deep".length;
    const enter = (tag: number) => {
        if (request[at] !== tag) return false;
        at++;
        while ((request[at++] ?? 0) > 127); // the length
        return true;
    };
    let depth = 0;
    enter(0x12);
    while (enter(0x2a) && enter(0x0a)) depth++;
    return depth;
}
